//! Tables: those that hold data become simple Markdown tables, those that lay out a page vanish.

use scraper::ElementRef;

use super::super::FoundAttachment;
use super::super::clean::{self, Inline};
use super::body;
use super::walk::{self, Visitor};

/// Wider tables are forms drawn with cells, not data.
const MOST_COLUMNS: usize = 40;

/// A data table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) markdown: String,
    pub(super) attachments: Vec<FoundAttachment>,
    pub(super) merged_cells: bool,
}

/// The table as data, or `None` when it only lays out its content: it holds another table, or
/// has a single row or column.
pub(super) fn read(table: ElementRef<'_>) -> Option<Table> {
    let mut reader = Reader::default();
    walk::walk(table, &mut reader);
    let columns = reader.rows.iter().map(Vec::len).max().unwrap_or(0);
    if reader.nested || reader.rows.len() < 2 || !(2..=MOST_COLUMNS).contains(&columns) {
        return None;
    }
    let mut lines: Vec<String> = Vec::with_capacity(reader.rows.len() + 1);
    for (index, row) in reader.rows.iter_mut().enumerate() {
        row.resize(columns, String::new());
        lines.push(format!("| {} |", row.join(" | ")));
        if index == 0 {
            lines.push(format!("|{}", " --- |".repeat(columns)));
        }
    }
    Some(Table {
        markdown: lines.join("\n"),
        attachments: reader.attachments,
        merged_cells: reader.merged,
    })
}

#[derive(Debug, Default)]
struct Reader {
    rows: Vec<Vec<String>>,
    /// Rows that cells from above still reach into, by column.
    reach: Vec<usize>,
    cell: Option<Cell>,
    link: Option<(String, Inline)>,
    attachments: Vec<FoundAttachment>,
    merged: bool,
    nested: bool,
}

#[derive(Debug, Default)]
struct Cell {
    text: Inline,
    columns: usize,
    rows: usize,
}

impl Visitor for Reader {
    fn open(&mut self, element: ElementRef<'_>) -> bool {
        if walk::is_noise(element) || self.nested {
            return false;
        }
        match element.value().name() {
            "table" => {
                self.nested = true;
                return false;
            }
            "tr" => self.rows.push(Vec::new()),
            "td" | "th" => {
                let span = |name| {
                    let span = element.attr(name).and_then(|span| span.trim().parse().ok());
                    span.unwrap_or(1).clamp(1, MOST_COLUMNS)
                };
                self.cell = Some(Cell {
                    text: Inline::default(),
                    columns: span("colspan"),
                    rows: span("rowspan"),
                });
            }
            "img" => self.attachments.extend(body::image(element)),
            "a" => {
                self.link = element
                    .attr("href")
                    .and_then(body::address)
                    .filter(|url| body::is_file(url))
                    .map(|url| (url, Inline::default()));
            }
            name if walk::is_block(name) => self.text(" "),
            _ => {}
        }
        true
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            cell.text.push(text);
        }
        if let Some((_, name)) = &mut self.link {
            name.push(text);
        }
    }

    fn close(&mut self, element: ElementRef<'_>) {
        match element.value().name() {
            "td" | "th" => self.close_cell(),
            "tr" => {
                // Cells from above that stand right of this row's last cell.
                self.fill_reached();
                if self
                    .rows
                    .last()
                    .is_some_and(|row| row.iter().all(String::is_empty))
                {
                    self.rows.pop();
                }
            }
            "a" => {
                if let Some((url, mut name)) = self.link.take() {
                    let name = name.take();
                    self.attachments.push(FoundAttachment {
                        name: if name.is_empty() {
                            body::file_name(&url)
                        } else {
                            name
                        },
                        url: Some(url),
                        ..FoundAttachment::document()
                    });
                }
            }
            name if walk::is_block(name) => self.text(" "),
            _ => {}
        }
    }
}

impl Reader {
    fn close_cell(&mut self) {
        let Some(mut cell) = self.cell.take() else {
            return;
        };
        self.fill_reached();
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        self.merged |= cell.columns > 1 || cell.rows > 1;
        let text = clean::escape_tags(&cell.text.take()).replace('|', "\\|");
        for column in 0..cell.columns {
            let at = row.len();
            // Beyond this the table is refused anyway; the row must not grow without bound.
            if at > MOST_COLUMNS {
                break;
            }
            row.push(if column == 0 {
                text.clone()
            } else {
                String::new()
            });
            if self.reach.len() <= at {
                self.reach.resize(at + 1, 0);
            }
            self.reach[at] = cell.rows - 1;
        }
    }

    /// Empty cells where merged ones from above reach into this row.
    fn fill_reached(&mut self) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        while let Some(reach) = self.reach.get_mut(row.len()).filter(|reach| **reach > 0) {
            *reach -= 1;
            row.push(String::new());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use scraper::{Html, Selector};

    fn table(html: &str) -> Option<Table> {
        let page = Html::parse_fragment(html);
        let selector = Selector::parse("table").unwrap();
        read(page.select(&selector).next().unwrap())
    }

    #[test]
    fn data_becomes_rows() {
        let found = table(
            "<table><tr><th>序号<th>主 要<br>内容</tr><tr><td><p>1</p><p>2</p><td>a|b</tr><tr></tr></table>",
        )
        .unwrap();
        assert_eq!(
            found.markdown,
            "| 序号 | 主 要 内容 |\n| --- | --- |\n| 1 2 | a\\|b |"
        );
        assert!(!found.merged_cells);
    }

    #[test]
    fn merged_cells_leave_blanks() {
        let found = table(
            "<table><tr><td colspan=2>甲<td>乙</tr><tr><td rowspan=2>丙<td>丁<td>戊</tr>\
             <tr><td>己<td>庚</tr></table>",
        )
        .unwrap();
        assert_eq!(
            found.markdown,
            "| 甲 |  | 乙 |\n| --- | --- | --- |\n| 丙 | 丁 | 戊 |\n|  | 己 | 庚 |"
        );
        assert!(found.merged_cells);
    }

    #[test]
    fn layout_is_no_data() {
        assert!(table("<table><tr><td>甲</table>").is_none());
        assert!(table("<table><tr><td>甲<td>乙</table>").is_none());
        assert!(
            table("<table><tr><td>甲<td><table><tr><td>x</table></tr><tr><td>乙<td>丙</table>")
                .is_none()
        );
    }

    #[test]
    fn files_linked_from_cells_are_gathered() {
        let found = table(
            "<table><tr><td>表<td>链接</tr><tr><td>1<td><a href=a.doc>附件1</a></tr></table>",
        )
        .unwrap();
        assert_eq!(found.attachments[0].name, "附件1");
    }
}
