//! Conditions of bindings: `has-marks && !modified`, `(a || b) && c`.

use crate::tui::action::Flag;

/// A parsed condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// The flag holds.
    Is(Flag),
    /// The inner condition does not hold.
    Not(Box<When>),
    /// Both hold.
    And(Box<When>, Box<When>),
    /// At least one holds.
    Or(Box<When>, Box<When>),
}

/// Why a condition cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhenError {
    /// No flag has this name.
    Flag(String),
    /// Something else than a flag, `!`, `&&`, `||` or a parenthesis.
    Syntax(String),
}

impl When {
    /// Reads a condition.
    pub fn parse(text: &str) -> Result<Self, WhenError> {
        let tokens = tokens(text)?;
        let mut at = 0;
        let when = any(&tokens, &mut at)?;
        match tokens.get(at) {
            None => Ok(when),
            Some(extra) => Err(WhenError::Syntax((*extra).to_owned())),
        }
    }

    /// Whether it holds.
    pub fn holds(&self, flag: &dyn Fn(Flag) -> bool) -> bool {
        match self {
            Self::Is(f) => flag(*f),
            Self::Not(inner) => !inner.holds(flag),
            Self::And(a, b) => a.holds(flag) && b.holds(flag),
            Self::Or(a, b) => a.holds(flag) || b.holds(flag),
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Is(flag) => f.write_str(flag.name()),
            Self::Not(inner) => match **inner {
                Self::And(..) | Self::Or(..) => write!(f, "!({inner})"),
                _ => write!(f, "!{inner}"),
            },
            Self::And(a, b) => {
                for (i, side) in [a, b].into_iter().enumerate() {
                    if i > 0 {
                        f.write_str(" && ")?;
                    }
                    if matches!(**side, Self::Or(..)) {
                        write!(f, "({side})")?;
                    } else {
                        write!(f, "{side}")?;
                    }
                }
                Ok(())
            }
            Self::Or(a, b) => write!(f, "{a} || {b}"),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<&str>, WhenError> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let len = if rest.starts_with("&&") || rest.starts_with("||") {
            2
        } else if rest.starts_with(['!', '(', ')']) {
            1
        } else {
            rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-'))
                .unwrap_or(rest.len())
        };
        if len == 0 {
            return Err(WhenError::Syntax(rest.to_owned()));
        }
        out.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    Ok(out)
}

fn any(tokens: &[&str], at: &mut usize) -> Result<When, WhenError> {
    let mut left = all(tokens, at)?;
    while tokens.get(*at) == Some(&"||") {
        *at += 1;
        left = When::Or(Box::new(left), Box::new(all(tokens, at)?));
    }
    Ok(left)
}

fn all(tokens: &[&str], at: &mut usize) -> Result<When, WhenError> {
    let mut left = one(tokens, at)?;
    while tokens.get(*at) == Some(&"&&") {
        *at += 1;
        left = When::And(Box::new(left), Box::new(one(tokens, at)?));
    }
    Ok(left)
}

fn one(tokens: &[&str], at: &mut usize) -> Result<When, WhenError> {
    let Some(token) = tokens.get(*at) else {
        return Err(WhenError::Syntax(String::new()));
    };
    *at += 1;
    match *token {
        "!" => Ok(When::Not(Box::new(one(tokens, at)?))),
        "(" => {
            let inner = any(tokens, at)?;
            if tokens.get(*at) == Some(&")") {
                *at += 1;
                Ok(inner)
            } else {
                Err(WhenError::Syntax("(".to_owned()))
            }
        }
        "&&" | "||" | ")" => Err(WhenError::Syntax((*token).to_owned())),
        name => Flag::by_name(name)
            .map(When::Is)
            .ok_or_else(|| WhenError::Flag(name.to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn precedence_and_printing() {
        let when = When::parse("has-row && !(modified || has-marks) || text-input").unwrap();
        assert_eq!(
            when.to_string(),
            "has-row && !(modified || has-marks) || text-input"
        );
        assert!(when.holds(&|f| f == Flag::HasRow));
        assert!(when.holds(&|f| f == Flag::TextInput));
        assert!(!when.holds(&|f| matches!(f, Flag::HasRow | Flag::Modified)));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            When::parse("has-rows"),
            Err(WhenError::Flag("has-rows".into()))
        );
        assert!(matches!(
            When::parse("has-row &&"),
            Err(WhenError::Syntax(_))
        ));
        assert!(matches!(When::parse("(has-row"), Err(WhenError::Syntax(_))));
        assert!(matches!(
            When::parse("has-row has-row"),
            Err(WhenError::Syntax(_))
        ));
        assert!(matches!(When::parse("HAS"), Err(WhenError::Syntax(_))));
        assert!(matches!(When::parse(""), Err(WhenError::Syntax(_))));
    }
}
