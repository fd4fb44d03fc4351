//! Tables of office files as Markdown tables: the form the editor keeps and pages render.

/// Wider tables are forms drawn with cells, not data.
pub(super) const MOST_COLUMNS: usize = 60;

/// A Markdown table, its first row the header, or `None` for what is no data: one row, one
/// column, or wider than [`MOST_COLUMNS`]. Cells must be escaped text on one line; merged cells
/// come as one filled and the rest empty; a column empty in every row is dropped.
pub(super) fn markdown(mut rows: Vec<Vec<String>>) -> Option<String> {
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let filled = |row: &Vec<String>, at: usize| row.get(at).is_some_and(|cell| !cell.is_empty());
    let used: Vec<usize> = (0..widest)
        .filter(|at| rows.iter().any(|row| filled(row, *at)))
        .collect();
    let columns = used.len();
    if rows.len() < 2 || !(2..=MOST_COLUMNS).contains(&columns) {
        return None;
    }
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = used
            .iter()
            .map(|at| {
                row.get(*at)
                    .map_or_else(String::new, |cell| cell.replace('|', "\\|"))
            })
            .collect();
        lines.push(format!("| {} |", cells.join(" | ")));
        if index == 0 {
            lines.push(format!("|{}", " --- |".repeat(columns)));
        }
    }
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::markdown;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn data_becomes_a_table_and_layout_does_not() {
        assert_eq!(
            markdown(rows("序号,,a|b,\n1,,x,\n,,")).as_deref(),
            Some("| 序号 | a\\|b |\n| --- | --- |\n| 1 | x |")
        );
        assert_eq!(markdown(rows("甲,乙")), None);
        assert_eq!(markdown(rows("甲\n乙")), None);
    }
}
