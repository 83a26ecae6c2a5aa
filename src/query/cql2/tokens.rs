//! CQL2 text as tokens.

use super::FilterError;

/// A word of the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// What stood between single quotes, escapes undone.
    Text(String),
    /// A name, or what stood between double quotes.
    Name {
        name: String,
        quoted: bool,
    },
    Symbol(&'static str),
    End,
}

impl Token {
    /// Whether it is this keyword, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Name { name, quoted: false } if name.eq_ignore_ascii_case(word))
    }

    /// How a message shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("'{}'", text.chars().take(40).collect::<String>()),
            Self::Name { name, .. } => format!("{:?}", name.chars().take(40).collect::<String>()),
            Self::Symbol(symbol) => format!("{symbol:?}"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Longer ones first: `<=` is not `<`.
const SYMBOLS: &[&str] = &["<>", "<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", "^"];

/// The tokens of a text, each with the number of the character at which it begins, from 1.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, FilterError> {
    let mut reader = Reader { rest: text, at: 1 };
    let mut found = Vec::new();
    loop {
        reader.skip(char::is_whitespace);
        let at = reader.at;
        let token = reader.token()?;
        let ended = token == Token::End;
        found.push((token, at));
        if ended {
            return Ok(found);
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    /// Number of the next character.
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.at += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|letter| !wanted(letter)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn token(&mut self) -> Result<Token, FilterError> {
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        if first == '\'' || first == '"' {
            return self.quoted(first);
        }
        let after = self.rest.chars().nth(1);
        if first.is_ascii_digit() || (first == '.' && after.is_some_and(|next| next.is_ascii_digit())) {
            return self.number();
        }
        if begins_a_name(first) {
            let name = self.skip(|letter| begins_a_name(letter) || goes_on_in_a_name(letter)).to_owned();
            return Ok(Token::Name { name, quoted: false });
        }
        match SYMBOLS.iter().find(|symbol| self.rest.starts_with(**symbol)) {
            Some(symbol) => {
                self.take(symbol.len());
                Ok(Token::Symbol(if *symbol == "!=" { "<>" } else { symbol }))
            }
            None => Err(FilterError::Unexpected {
                at: self.at,
                found: format!("{first:?}"),
                expected: "a name, a literal or an operator".into(),
            }),
        }
    }

    /// A text or a quoted name; a quote in it is doubled, or follows a backslash (`escapeQuote` of the grammar).
    fn quoted(&mut self, quote: char) -> Result<Token, FilterError> {
        let start = self.at;
        self.take(1);
        let mut text = String::new();
        loop {
            text.push_str(self.skip(|letter| letter != quote && letter != '\\'));
            let mut next = self.rest.chars();
            match (next.next(), next.next()) {
                (Some('\\'), Some(second)) if second == quote => {
                    self.take(2);
                    text.push(quote);
                }
                (Some('\\'), _) => text.push_str(self.take(1)),
                (Some(_), Some(second)) if second == quote => {
                    self.take(2);
                    text.push(quote);
                }
                (Some(_), _) => {
                    self.take(1);
                    break;
                }
                (None, _) => {
                    let found = format!("a {quote} that nothing closes");
                    return Err(FilterError::Unexpected { at: start, found, expected: "a closed pair".into() });
                }
            }
        }
        Ok(if quote == '\'' { Token::Text(text) } else { Token::Name { name: text, quoted: true } })
    }

    fn number(&mut self) -> Result<Token, FilterError> {
        let start = self.at;
        let digits = |reader: &mut Self| reader.skip(|letter| letter.is_ascii_digit()).len();
        let whole = self.rest;
        let mut length = digits(self);
        if self.rest.starts_with('.') {
            self.take(1);
            length += 1 + digits(self);
        }
        if self.rest.starts_with(['e', 'E']) {
            let sign = usize::from(self.rest[1..].starts_with(['+', '-']));
            if self.rest[1 + sign..].starts_with(|letter: char| letter.is_ascii_digit()) {
                self.take(1 + sign);
                length += 1 + sign + digits(self);
            }
        }
        let wrong = |found: String| FilterError::Unexpected { at: start, found, expected: "a number".into() };
        if self.rest.starts_with(|letter: char| begins_a_name(letter) || letter == '.') {
            return Err(wrong(format!("{:?}", whole.chars().take(length + 1).collect::<String>())));
        }
        match whole[..length].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => Err(wrong(format!("{:?}", &whole[..length.min(40)]))),
        }
    }
}

/// `identifierStart` of the grammar, a little wider: any letter.
fn begins_a_name(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, ':' | '_')
}

/// `identifierPart`.
fn goes_on_in_a_name(letter: char) -> bool {
    letter.is_numeric() || matches!(letter, '.' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
