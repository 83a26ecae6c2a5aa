//! What a study of a boiler house is asked for: the same names in a JSON body, a query string and on the command line.

use super::investment::MachineKind;
use super::load::SteamLoad;
use crate::model::{InputError, ParameterValues, steam_parameters};

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct RetrofitRequest {
    /// The machine.
    pub machine: MachineKind,
    /// Steam over the year; made of the nominal flow where it is none.
    pub load: Option<SteamLoad>,
    /// Numbers, by the names of `geodata/reference/steam.toml`.
    pub numbers: ParameterValues,
}

impl Default for RetrofitRequest {
    fn default() -> Self {
        Self { machine: MachineKind::Turbine, load: None, numbers: ParameterValues::defaults(steam_parameters()) }
    }
}

impl RetrofitRequest {
    /// Sets an input by its name.
    ///
    /// ```
    /// use peatplan::energy::steam::{MachineKind, RetrofitRequest};
    /// let mut request = RetrofitRequest::default();
    /// request.set("machine", "screw").unwrap();
    /// request.set("inlet_pressure_mpa", "1,3").unwrap();
    /// request.set("load", "1000:10; 4112:6").unwrap();
    /// assert_eq!(request.machine, MachineKind::Screw);
    /// assert_eq!(request.numbers.known("inlet_pressure_mpa"), Some(1.3));
    /// let error = request.set("outlet_pressure_mpa", "9").unwrap_err();
    /// assert_eq!(error.detail, "outlet_pressure_mpa must lie between 0.01 and 5 MPa; it was 9");
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match name {
            "machine" => self.machine = MachineKind::parse(text.trim())?,
            "load" => {
                let load = SteamLoad::parse(text);
                self.load = Some(load.map_err(|error| InputError { parameter: name.to_owned(), detail: error.to_string() })?);
            }
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ => return Err(InputError::unknown(name, ["machine", "load"].into_iter().chain(steam_parameters().names()))),
        }
        Ok(())
    }
}
