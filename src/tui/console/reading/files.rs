//! Attachments: name, size, kind, alternative text.

use crate::desk::Content;
use crate::locale;
use crate::tr;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

/// Attachments of a content; `sizes` are their bytes, in order, as far as known.
pub fn attachments(
    content: &Content,
    sizes: &[Option<u64>],
    selected: usize,
    editable: bool,
    styles: &Styles,
) -> Vec<Paragraph> {
    if content.attachments.is_empty() {
        let text = if editable {
            tr!("tui-attachments-none")
        } else {
            tr!("tui-attachments-closed")
        };
        return vec![Paragraph::new(text, styles.muted)];
    }
    let mut out = Vec::new();
    for (n, file) in content.attachments.iter().enumerate() {
        let (mark, name) = if n == selected {
            ("> ", styles.selected_unfocused)
        } else {
            ("  ", styles.strong)
        };
        let size = sizes
            .get(n)
            .copied()
            .flatten()
            .map(size)
            .unwrap_or_default();
        out.push(Paragraph {
            pieces: vec![
                Piece::new(format!("{mark}{}. ", n + 1), styles.muted),
                Piece::new(file.name.clone(), name),
                Piece::new(format!("  {}  {size}", kind(&file.name)), styles.muted),
            ],
            indent: 0,
        });
        let image = is_image(&file.name);
        let (text, style) = match (file.alt.is_empty(), image) {
            (false, _) => (
                format!("{}{}{}", tr!("tui-label-alt"), tr!("tui-colon"), file.alt),
                styles.text,
            ),
            (true, true) => (
                format!("! {}", tr!("tui-attachment-no-alt")),
                styles.warning,
            ),
            (true, false) => continue,
        };
        out.push(Paragraph {
            pieces: vec![Piece::new(text, style)],
            indent: 5,
        });
    }
    out
}

/// The attachment a paragraph of the list belongs to.
pub fn row_of(content: &Content, paragraph: usize) -> usize {
    let mut at = 0;
    for (n, file) in content.attachments.iter().enumerate() {
        at += if file.alt.is_empty() && !is_image(&file.name) {
            1
        } else {
            2
        };
        if paragraph < at {
            return n;
        }
    }
    content.attachments.len().saturating_sub(1)
}

fn extension(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default()
}

fn is_image(name: &str) -> bool {
    matches!(
        extension(name).as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "bmp"
    )
}

/// What the name says a file is.
fn kind(name: &str) -> String {
    let code = match extension(name).as_str() {
        "doc" | "docx" | "wps" | "odt" | "rtf" => "document",
        "xls" | "xlsx" | "et" | "ods" | "csv" => "sheet",
        "ppt" | "pptx" | "dps" => "slides",
        "pdf" | "ofd" => "fixed",
        "zip" | "rar" | "7z" | "gz" => "archive",
        "txt" | "md" => "text",
        _ if is_image(name) => "image",
        _ => "other",
    };
    locale::word("tui-file-kind", code)
}

/// A size for people.
pub fn size(bytes: u64) -> String {
    if bytes < 1024 {
        format!("{bytes} B")
    } else if bytes < 1024 * 1024 {
        format!("{:.1} KB", bytes as f64 / 1024.0)
    } else {
        format!("{:.1} MB", bytes as f64 / (1024.0 * 1024.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(12), "12 B");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(size(3 << 20), "3.0 MB");
    }
}
