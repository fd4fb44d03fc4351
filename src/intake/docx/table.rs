//! Tables of a Word file.

use super::super::grid;
use super::super::xml::Element;
use super::super::head::Block;
use super::body::Reader;

/// Wider spans are made to hurt.
const WIDEST_SPAN: usize = 64;

impl Reader<'_> {
    /// A table: data as a Markdown table, what only lays out a page as its paragraphs.
    pub(super) fn table(&mut self, table: &Element) {
        let mut rows: Vec<Vec<Vec<Block>>> = Vec::new();
        let (mut merged, mut nested) = (false, false);
        self.rows(table, &mut rows, &mut merged, &mut nested);
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| cell_text(cell)).collect())
            .collect();
        let markdown = if nested { None } else { grid::markdown(cells) };
        match markdown {
            Some(text) => {
                self.out.merged_cells |= merged;
                self.out.blocks.push(Block {
                    text,
                    table: true,
                    ..Block::default()
                });
            }
            None => self.out.blocks.extend(rows.into_iter().flatten().flatten()),
        }
    }

    fn rows(
        &mut self,
        parent: &Element,
        rows: &mut Vec<Vec<Vec<Block>>>,
        merged: &mut bool,
        nested: &mut bool,
    ) {
        for element in parent.elements() {
            match &*element.name {
                "w:tr" => {
                    let properties = element.child("w:trPr");
                    let change = properties
                        .and_then(|p| ["w:ins", "w:del"].iter().find_map(|name| p.child(name)));
                    if let Some(change) = change
                        && !self.whole_change(change, element)
                    {
                        continue;
                    }
                    let told = usize::from(change.is_some());
                    self.changing += told;
                    let mut row = Vec::new();
                    let before = properties
                        .and_then(|p| p.val("w:gridBefore"))
                        .and_then(|n| n.parse::<usize>().ok());
                    row.resize(before.unwrap_or(0).min(WIDEST_SPAN), Vec::new());
                    self.cells(element, &mut row, merged, nested);
                    self.changing -= told;
                    if row.len() <= grid::MOST_COLUMNS * 4 {
                        rows.push(row);
                    }
                }
                "w:sdt" => {
                    if let Some(content) = element.child("w:sdtContent") {
                        self.rows(content, rows, merged, nested);
                    }
                }
                "w:customXml" | "w:ins" | "w:moveTo" => {
                    self.rows(element, rows, merged, nested);
                }
                _ => {}
            }
        }
    }

    fn cells(
        &mut self,
        parent: &Element,
        row: &mut Vec<Vec<Block>>,
        merged: &mut bool,
        nested: &mut bool,
    ) {
        for element in parent.elements() {
            match &*element.name {
                "w:tc" => {
                    let properties = element.child("w:tcPr");
                    let change = properties.and_then(|p| {
                        ["w:cellIns", "w:cellDel"]
                            .iter()
                            .find_map(|name| p.child(name))
                    });
                    let gone = change.is_some_and(|change| !self.whole_change(change, element));
                    let told = usize::from(change.is_some());
                    let span = properties
                        .and_then(|p| p.val("w:gridSpan"))
                        .and_then(|n| n.parse::<usize>().ok())
                        .unwrap_or(1)
                        .clamp(1, WIDEST_SPAN);
                    // A cell that goes on from the one above, or from the one to its left, is
                    // empty; Word keeps an empty paragraph in it.
                    let goes_on = properties.is_some_and(|p| {
                        ["w:vMerge", "w:hMerge"].iter().any(|name| {
                            p.child(name)
                                .is_some_and(|m| m.attr("w:val") != Some("restart"))
                        })
                    });
                    let starts = properties.is_some_and(|p| {
                        p.child("w:vMerge").is_some() || p.child("w:hMerge").is_some()
                    });
                    *merged |= span > 1 || starts;
                    self.changing += told;
                    let blocks = self.apart(element);
                    self.changing -= told;
                    *nested |= blocks.iter().any(|block| block.table);
                    row.push(if goes_on || gone { Vec::new() } else { blocks });
                    for _ in 1..span {
                        row.push(Vec::new());
                    }
                }
                "w:sdt" => {
                    if let Some(content) = element.child("w:sdtContent") {
                        self.cells(content, row, merged, nested);
                    }
                }
                "w:customXml" => self.cells(element, row, merged, nested),
                _ => {}
            }
        }
    }
}

fn cell_text(blocks: &[Block]) -> String {
    let texts: Vec<&str> = blocks
        .iter()
        .map(|block| block.text.trim_start_matches(['#', ' ']))
        .collect();
    texts.join(" ").replace('\n', " ")
}
