//! Plain tables for people, and the same rows as CSV for spreadsheets.

/// A number for people: three significant figures, thousands apart by a thin gap.
pub(super) fn figure(number: f64) -> String {
    if !number.is_finite() {
        return "-".into();
    }
    if number == 0.0 {
        return "0".into();
    }
    #[expect(clippy::cast_possible_truncation, reason = "the magnitude of a finite number")]
    let magnitude = number.abs().log10().floor() as i32;
    let scale = 10_f64.powi(2 - magnitude);
    let rounded = (number * scale).round() / scale;
    #[expect(clippy::cast_sign_loss, reason = "not below zero")]
    let decimals = (2 - magnitude).max(0) as usize;
    grouped(&format!("{rounded:.decimals$}"))
}

fn grouped(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            groups.push(' ');
        }
        groups.push(digit);
    }
    fraction.map_or_else(|| format!("{sign}{groups}"), |fraction| format!("{sign}{groups}.{fraction}"))
}

/// Rows under a header; texts stand left, the other columns right.
pub(super) fn print(header: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(std::iter::once(header[column].chars().count())).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let width = widths[column];
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        say!("{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    line(header.to_vec());
    for row in rows {
        line(row.iter().map(String::as_str).collect());
    }
}

/// The same as CSV.
pub(super) fn print_csv(header: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_have_three_significant_digits_and_grouped_thousands() {
        for (number, text) in [
            (77_336.97, "77 300"),
            (0.012_345, "0.0123"),
            (2.030_3, "2.03"),
            (-1_234_567.0, "-1 230 000"),
            (0.0, "0"),
            (999.6, "1 000"),
        ] {
            assert_eq!(figure(number), text);
        }
    }
}
