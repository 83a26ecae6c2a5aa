//! Units of other people's columns, as factors to the unit that a property's name carries.

/// By the property's unit, the accepted units with their factor to it. Russian spellings stand beside the signs.
const FACTORS: &[(&str, &[(&str, f64)])] = &[
    (
        "m",
        &[
            ("m", 1.0),
            ("м", 1.0),
            ("dm", 0.1),
            ("дм", 0.1),
            ("cm", 0.01),
            ("см", 0.01),
            ("mm", 0.001),
            ("мм", 0.001),
            ("km", 1e3),
            ("км", 1e3),
            ("ft", 0.3048),
        ],
    ),
    ("km", &[("km", 1.0), ("км", 1.0), ("m", 1e-3), ("м", 1e-3)]),
    (
        "m3",
        &[("m3", 1.0), ("м3", 1.0), ("thousand_m3", 1e3), ("тыс_м3", 1e3), ("million_m3", 1e6), ("млн_м3", 1e6), ("Mm3", 1e6)],
    ),
    ("t", &[("t", 1.0), ("т", 1.0), ("kg", 1e-3), ("кг", 1e-3), ("kt", 1e3), ("тыс_т", 1e3), ("Mt", 1e6), ("млн_т", 1e6)]),
    ("t/h", &[("t/h", 1.0), ("т/ч", 1.0), ("kg/h", 1e-3), ("кг/ч", 1e-3), ("kg/s", 3.6), ("кг/с", 3.6)]),
    ("m2", &[("m2", 1.0), ("м2", 1.0), ("thousand_m2", 1e3), ("тыс_м2", 1e3), ("ha", 1e4), ("га", 1e4)]),
    ("wk/a", &[("wk/a", 1.0), ("weeks", 1.0), ("недель", 1.0), ("days", 1.0 / 7.0), ("дней", 1.0 / 7.0)]),
    ("ha", &[("ha", 1.0), ("га", 1.0), ("m2", 1e-4), ("м2", 1e-4), ("km2", 100.0), ("км2", 100.0)]),
    ("t/ha", &[("t/ha", 1.0), ("т/га", 1.0), ("kg/m2", 10.0), ("кг/м2", 10.0)]),
    ("share", &[("share", 1.0), ("доля", 1.0), ("%", 0.01), ("percent", 0.01), ("процент", 0.01)]),
    ("kg/m3", &[("kg/m3", 1.0), ("кг/м3", 1.0), ("t/m3", 1e3), ("т/м3", 1e3), ("g/cm3", 1e3), ("г/см3", 1e3)]),
    (
        "MJ/kg",
        &[
            ("MJ/kg", 1.0),
            ("МДж/кг", 1.0),
            ("GJ/t", 1.0),
            ("ГДж/т", 1.0),
            ("kJ/kg", 1e-3),
            ("кДж/кг", 1e-3),
            ("kcal/kg", 4.1868e-3),
            ("ккал/кг", 4.1868e-3),
            ("MWh/t", 3.6),
        ],
    ),
    (
        "MWh/a",
        &[
            ("MWh/a", 1.0),
            ("MWh", 1.0),
            ("МВтч", 1.0),
            ("kWh", 1e-3),
            ("GWh", 1e3),
            ("GJ", 1.0 / 3.6),
            ("ГДж", 1.0 / 3.6),
            ("TJ", 1e3 / 3.6),
            ("Gcal", 1.163),
            ("Гкал", 1.163),
        ],
    ),
    ("MW", &[("MW", 1.0), ("МВт", 1.0), ("kW", 1e-3), ("кВт", 1e-3), ("Gcal/h", 1.163), ("Гкал/ч", 1.163)]),
    (
        "MPa",
        &[
            ("MPa", 1.0),
            ("МПа", 1.0),
            ("kPa", 1e-3),
            ("bar", 0.1),
            ("бар", 0.1),
            ("kgf/cm2", 0.098_066_5),
            ("кгс/см2", 0.098_066_5),
        ],
    ),
    ("km/h", &[("km/h", 1.0), ("км/ч", 1.0), ("m/s", 3.6), ("м/с", 3.6)]),
    ("h/a", &[("h/a", 1.0), ("h", 1.0), ("ч", 1.0)]),
    ("°C", &[("°C", 1.0), ("C", 1.0)]),
    ("RUB/(t·km)", &[("RUB/(t·km)", 1.0), ("руб/(т·км)", 1.0)]),
];

/// The factor from one unit to a property's; `Err` lists what is accepted.
pub(super) fn factor(from: &str, to: &str) -> Result<f64, String> {
    let accepted = FACTORS.iter().find(|(unit, _)| *unit == to).map_or(&[][..], |(_, accepted)| accepted);
    accepted.iter().find(|(unit, _)| *unit == from).map(|(_, factor)| *factor).ok_or_else(|| {
        let list: Vec<&str> = accepted.iter().map(|(unit, _)| *unit).collect();
        format!("unit {from:?} does not turn into {to}; accepted are {}", list.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layer;

    #[test]
    fn every_unit_of_the_schemas_can_be_converted_to() {
        for layer in Layer::ALL {
            for property in layer.schema().properties.iter().chain(&layer.schema().layer_properties) {
                if let Some(unit) = &property.unit {
                    assert_eq!(factor(unit, unit), Ok(1.0), "{layer}: {unit}");
                }
            }
        }
        assert_eq!(factor("cm", "m"), Ok(0.01));
        assert_eq!(factor("Gcal", "MWh/a"), Ok(1.163));
        assert!(factor("cm", "kg/m3").is_err());
    }
}
