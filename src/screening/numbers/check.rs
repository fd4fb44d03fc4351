//! Check digits and the other things a number must satisfy to be what it looks like.

/// Codes of provinces, regions and municipalities (GB/T 2260), and the special regions.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'))
}

/// Whether two digits are the code of a province.
pub fn province(digits: &[u8]) -> bool {
    digits.len() >= 2
        && digits[..2].iter().all(u8::is_ascii_digit)
        && PROVINCES.contains(&(number(&digits[..2]) as u8))
}

fn real_date(year: u32, month: u32, day: u32) -> bool {
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// What a string of the shape of a resident identity number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// Region, date and check digit fit.
    Good,
    /// Region and date fit, the check digit does not; the right one.
    Wrong(char),
    /// Not an identity number.
    No,
}

/// GB 11643: 17 digits and a check digit or X.
pub fn identity(s: &[u8]) -> Identity {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: &[u8; 11] = b"10X98765432";
    if s.len() != 18
        || !s[..17].iter().all(u8::is_ascii_digit)
        || !(s[17].is_ascii_digit() || matches!(s[17], b'X' | b'x'))
    {
        return Identity::No;
    }
    let year = number(&s[6..10]);
    // Nobody alive was born before 1900; the upper end leaves room for years of service.
    if !province(s)
        || &s[2..6] == b"0000"
        || !(1900..=2049).contains(&year)
        || !real_date(year, number(&s[10..12]), number(&s[12..14]))
    {
        return Identity::No;
    }
    let sum: u32 = s[..17]
        .iter()
        .zip(WEIGHTS)
        .map(|(d, w)| u32::from(d - b'0') * w)
        .sum();
    let want = CHECK[(sum % 11) as usize];
    if s[17].to_ascii_uppercase() == want {
        Identity::Good
    } else {
        Identity::Wrong(want as char)
    }
}

/// The form before 1999: 15 digits, two-digit year, no check digit.
pub fn identity15(s: &[u8]) -> bool {
    s.len() == 15
        && s.iter().all(u8::is_ascii_digit)
        && province(s)
        && &s[2..4] != b"00"
        && real_date(
            1900 + number(&s[6..8]),
            number(&s[8..10]),
            number(&s[10..12]),
        )
}

/// What a string of the shape of a unified social credit code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit {
    /// Everything fits.
    Good,
    /// Shape and region fit, the check character does not; the right one.
    Wrong(char),
    /// Not a credit code.
    No,
}

const CREDIT: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// GB 32100: registering body and kind, region, organisation, check character. Lower case is
/// accepted, people type it.
pub fn credit(s: &[u8]) -> Credit {
    if s.len() != 18 || !s[2..8].iter().all(u8::is_ascii_digit) {
        return Credit::No;
    }
    // Kinds that the registering bodies give out (GB 32100, table 1, with its later additions).
    let kind = [s[0].to_ascii_uppercase(), s[1].to_ascii_uppercase()];
    let known = match kind[0] {
        b'1' => matches!(kind[1], b'1'..=b'3' | b'9'),
        b'2' => matches!(kind[1], b'1' | b'9'),
        b'3' => matches!(kind[1], b'1'..=b'5' | b'9'),
        b'4' => matches!(kind[1], b'1' | b'9'),
        b'5' => matches!(kind[1], b'1'..=b'5' | b'9'),
        b'6' => matches!(kind[1], b'1' | b'2' | b'9'),
        b'7' => matches!(kind[1], b'1' | b'2' | b'9'),
        b'8' => matches!(kind[1], b'1' | b'9'),
        b'9' => matches!(kind[1], b'1'..=b'3'),
        b'A' => matches!(kind[1], b'1' | b'9'),
        b'N' => matches!(kind[1], b'1'..=b'3' | b'9'),
        b'Y' => kind[1] == b'1',
        _ => false,
    };
    // 10 is a registration with the State itself.
    if !known || !(province(&s[2..]) || &s[2..4] == b"10") {
        return Credit::No;
    }
    let mut sum = 0;
    let mut weight = 1;
    for c in &s[..17] {
        let Some(v) = CREDIT.iter().position(|x| *x == c.to_ascii_uppercase()) else {
            return Credit::No;
        };
        sum += v * weight;
        weight = weight * 3 % 31;
    }
    let want = CREDIT[(31 - sum % 31) % 31];
    let got = s[17].to_ascii_uppercase();
    if got == want {
        Credit::Good
    } else if CREDIT.contains(&got) {
        Credit::Wrong(want as char)
    } else {
        Credit::No
    }
}

/// ISO/IEC 7812: doubles every second digit from the right.
pub fn luhn(s: &[u8]) -> bool {
    let sum: u32 = s
        .iter()
        .rev()
        .enumerate()
        .map(|(k, c)| {
            let d = u32::from(c - b'0');
            if k % 2 == 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Issuers of bank cards by prefix and length: UnionPay, Visa, Mastercard, American Express, JCB.
pub fn issuer(s: &[u8]) -> bool {
    let two = number(&s[..2]);
    let four = number(&s[..4]);
    match s.len() {
        13 | 14 => false,
        15 => matches!(two, 34 | 37),
        16 => {
            two == 62
                || s[0] == b'4'
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || two == 35
        }
        17..=19 => two == 62,
        _ => false,
    }
}

/// Area codes in force: three digits for 010 and 02x, four for the others.
pub fn area(s: &[u8]) -> bool {
    match s {
        b"010" => true,
        [b'0', b'2', c] => matches!(c, b'0'..=b'5' | b'7'..=b'9'),
        [b'0', c @ b'3'..=b'9', d, _] => *c != b'6' || matches!(d, b'3' | b'6' | b'9'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples() {
        for (s, want) in [
            ("11010519491231002X", Identity::Good),
            ("11010519491231002x", Identity::Good),
            ("440524188001010014", Identity::No),
            ("110105194912310021", Identity::Wrong('X')),
            ("110105194913310025", Identity::No),
            ("123456789012345678", Identity::No),
            ("130102197111032507", Identity::Good),
            ("140105196103041970", Identity::Wrong('9')),
            ("110105202302290011", Identity::No),
        ] {
            assert_eq!(identity(s.as_bytes()), want, "{s}");
        }
        for (s, want) in [
            ("91350100M000100Y43", Credit::Good),
            ("91350100m000100y43", Credit::Good),
            ("91350100M000100Y44", Credit::Wrong('3')),
            ("91350100M000100I43", Credit::No),
            ("91330106MAC5P1R820", Credit::Good),
            ("91440300MAX27MXL0H", Credit::Good),
            ("91140100MA5E2LYAC0", Credit::Good),
        ] {
            assert_eq!(credit(s.as_bytes()), want, "{s}");
        }
        for (s, want) in [
            ("6217001234567890122", true),
            ("6217001234567890123", false),
            ("6222021001116245702", true),
            ("622848001001234561", true),
            ("622848001001234562", false),
        ] {
            assert_eq!(luhn(s.as_bytes()), want, "{s}");
        }
    }
}
