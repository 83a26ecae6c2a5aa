//! CQL2 text → [`Syntax`]: recursive descent after the grammar of the standard (OGC 21-065r2, annex B). It looks one
//! token ahead and never goes back, so the time is that of one reading whatever a stranger sends.

use super::tokens::{Token, tokens};
use super::{FilterError, Limits, Syntax};

/// Reads CQL2 text. It knows nothing of a layer: names are not looked up, types are not checked.
///
/// # Errors
/// Says where what was expected, or which cap was passed.
///
/// ```
/// use peatplan::query::{Limits, parse_text};
/// let syntax = parse_text("depth_m > 2 and not method like 'g%'", &Limits::default()).unwrap();
/// assert_eq!(syntax.to_string(), r#"(("depth_m" > 2) AND (NOT ("method" LIKE 'g%')))"#);
/// ```
pub fn parse_text(text: &str, limits: &Limits) -> Result<Syntax, FilterError> {
    if text.len() > limits.bytes {
        return Err(FilterError::TooMuch { what: "bytes", most: limits.bytes });
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, limits };
    let syntax = parser.expression()?;
    if *parser.peek() != Token::End {
        return Err(parser.unexpected("AND, OR, an operator or the end"));
    }
    syntax.check_size(limits)?;
    Ok(syntax)
}

pub(super) struct Parser<'a> {
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
    limits: &'a Limits,
}

type Parsed = Result<Syntax, FilterError>;

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn peek_second(&self) -> &Token {
        self.tokens.get(self.next + 1).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn unexpected(&self, expected: &str) -> FilterError {
        let (token, at) = &self.tokens[self.next];
        FilterError::Unexpected { at: *at, found: token.shown(), expected: expected.to_owned() }
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(next) if *next == symbol);
        if found {
            self.next += 1;
        }
        found
    }

    pub(super) fn need_symbol(&mut self, symbol: &str) -> Result<(), FilterError> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.unexpected(symbol)) }
    }

    /// Where the coordinates of a geometry begin whose name stands next: past a `Z`, `M` or `ZM`, if there is one.
    fn after_geometry_name(&self) -> usize {
        let marked = ["z", "m", "zm"].iter().any(|mark| self.peek_second().is_word(mark));
        self.next + 1 + usize::from(marked)
    }

    pub(super) fn goes_on_as_geometry(&self) -> bool {
        matches!(self.tokens.get(self.after_geometry_name()), Some((Token::Symbol("("), _)))
    }

    pub(super) fn skip_geometry_name(&mut self) {
        self.next = self.after_geometry_name().min(self.tokens.len() - 1);
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_word(word);
        if found {
            self.next += 1;
        }
        found
    }

    pub(super) fn take_number(&mut self) -> Result<f64, FilterError> {
        let sign = if self.take_symbol("-") {
            -1.0
        } else {
            self.take_symbol("+");
            1.0
        };
        match *self.peek() {
            Token::Number(number) => {
                self.next += 1;
                Ok(sign * number)
            }
            _ => Err(self.unexpected("a number")),
        }
    }

    /// One level down, where there is room.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, FilterError>) -> Result<T, FilterError> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(FilterError::TooMuch { what: "levels", most: self.limits.depth });
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Operations of one level, taken from the left.
    fn chain(&mut self, operators: &[&'static str], operand: fn(&mut Self) -> Parsed) -> Parsed {
        let mut left = operand(self)?;
        let mut length = 0;
        loop {
            let found = operators.iter().find(|operator| match self.peek() {
                Token::Symbol(symbol) => symbol == *operator,
                token => token.is_word(operator),
            });
            let Some(operator) = found else { return Ok(left) };
            length += 1;
            // A chain of AND or OR is one level, one of arithmetic a level an operator.
            let level = !matches!(*operator, "and" | "or");
            if level && length > self.limits.depth {
                return Err(FilterError::TooMuch { what: "levels", most: self.limits.depth });
            }
            self.next += 1;
            left = match left {
                // Added to in place: making the chain anew for each member would take the square of its length.
                Syntax::Operation(name, mut members) if !level && name == *operator && length > 1 => {
                    members.push(operand(self)?);
                    Syntax::Operation(name, members)
                }
                left => Syntax::Operation((*operator).to_owned(), vec![left, operand(self)?]),
            };
            if let Syntax::Operation(_, members) = &left
                && members.len() > self.limits.nodes
            {
                return Err(FilterError::TooMuch { what: "operators, properties and literals", most: self.limits.nodes });
            }
        }
    }

    fn expression(&mut self) -> Parsed {
        let syntax = self.chain(&["or"], |parser| {
            let syntax = parser.chain(&["and"], Self::negation)?;
            Ok(flattened(syntax))
        })?;
        Ok(flattened(syntax))
    }

    fn negation(&mut self) -> Parsed {
        if self.take_word("not") {
            let inner = self.deeper(Self::negation)?;
            return Ok(Syntax::operation("not", vec![inner]));
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Parsed {
        let left = self.sum()?;
        if let Token::Symbol(symbol @ ("=" | "<>" | "<" | ">" | "<=" | ">=")) = *self.peek() {
            self.next += 1;
            return Ok(Syntax::operation(symbol, vec![left, self.sum()?]));
        }
        if self.take_word("is") {
            let negated = self.take_word("not");
            if !self.take_word("null") {
                return Err(self.unexpected("NULL"));
            }
            return Ok(perhaps_not(negated, Syntax::operation("isNull", vec![left])));
        }
        let negated = self.take_word("not");
        if self.take_word("like") {
            let pattern = self.sum()?;
            return Ok(perhaps_not(negated, Syntax::operation("like", vec![left, pattern])));
        }
        if self.take_word("between") {
            let low = self.sum()?;
            if !self.take_word("and") {
                return Err(self.unexpected("AND, between the bounds of BETWEEN,"));
            }
            let high = self.sum()?;
            return Ok(perhaps_not(negated, Syntax::operation("between", vec![left, low, high])));
        }
        if self.take_word("in") {
            self.need_symbol("(")?;
            let members = self.members()?;
            return Ok(perhaps_not(negated, Syntax::operation("in", vec![left, Syntax::List(members)])));
        }
        if negated { Err(self.unexpected("LIKE, BETWEEN or IN")) } else { Ok(left) }
    }

    fn sum(&mut self) -> Parsed {
        self.chain(&["+", "-"], |parser| parser.chain(&["*", "/", "%", "div"], |parser| parser.chain(&["^"], Self::factor)))
    }

    fn factor(&mut self) -> Parsed {
        if self.take_symbol("-") {
            return Ok(self.deeper(Self::factor)?.negated());
        }
        if self.take_symbol("+") {
            return self.take_number().map(Syntax::Number);
        }
        self.operand()
    }

    fn operand(&mut self) -> Parsed {
        let call = matches!(self.peek_second(), Token::Symbol("("));
        match self.peek().clone() {
            Token::Number(number) => {
                self.next += 1;
                Ok(Syntax::Number(number))
            }
            Token::Text(text) => {
                self.next += 1;
                Ok(Syntax::Text(text))
            }
            Token::Symbol("(") => {
                self.next += 1;
                self.deeper(Self::in_parentheses)
            }
            Token::Name { name, quoted } if !quoted && self.begins_a_geometry(&name) => self.deeper(Self::geometry),
            Token::Name { name, .. } if call => {
                self.next += 2;
                self.deeper(|parser| parser.call(&name))
            }
            Token::Name { name, quoted: true } => {
                self.next += 1;
                Ok(Syntax::Property(name))
            }
            Token::Name { name, .. } => {
                let literal = match name.to_ascii_lowercase().as_str() {
                    "true" => Syntax::Boolean(true),
                    "false" => Syntax::Boolean(false),
                    "null" => Syntax::Null,
                    "and" | "or" | "not" | "like" | "between" | "in" | "is" | "div" => {
                        return Err(self.unexpected("a property, a literal or a function"));
                    }
                    _ => Syntax::Property(name),
                };
                self.next += 1;
                Ok(literal)
            }
            Token::Symbol(_) | Token::End => Err(self.unexpected("a property, a literal or a function")),
        }
    }

    /// What follows an opening parenthesis: an expression, or the members of a list.
    fn in_parentheses(&mut self) -> Parsed {
        if self.take_symbol(")") {
            return Ok(Syntax::List(Vec::new()));
        }
        let first = self.expression()?;
        if self.take_symbol(")") {
            return Ok(first);
        }
        if !self.take_symbol(",") {
            return Err(self.unexpected("an operator, a comma or \")\""));
        }
        let mut members = vec![first];
        members.extend(self.members()?);
        Ok(Syntax::List(members))
    }

    /// Expressions between commas, up to the closing parenthesis.
    fn members(&mut self) -> Result<Vec<Syntax>, FilterError> {
        let mut members = Vec::new();
        loop {
            members.push(self.deeper(Self::expression)?);
            if members.len() > self.limits.list {
                return Err(FilterError::TooMuch { what: "members of a list", most: self.limits.list });
            }
            if self.take_symbol(")") {
                return Ok(members);
            }
            if !self.take_symbol(",") {
                return Err(self.unexpected("an operator, a comma or \")\""));
            }
        }
    }

    /// What follows the name and the parenthesis of a function.
    fn call(&mut self, name: &str) -> Parsed {
        if name.eq_ignore_ascii_case("bbox") {
            return self.bbox();
        }
        let arguments = if self.take_symbol(")") { Vec::new() } else { self.members()? };
        temporal_literal(name, arguments)
    }

    fn bbox(&mut self) -> Parsed {
        let mut numbers = vec![self.take_number()?];
        while self.take_symbol(",") && numbers.len() < 7 {
            numbers.push(self.take_number()?);
        }
        self.need_symbol(")")?;
        box_of(&numbers)
    }
}

fn perhaps_not(negated: bool, syntax: Syntax) -> Syntax {
    if negated { Syntax::operation("not", vec![syntax]) } else { syntax }
}

/// Chains within a chain of the same kind, as parentheses make them, become one.
fn flattened(syntax: Syntax) -> Syntax {
    match syntax {
        Syntax::Operation(name, members) => Syntax::operation(&name, members),
        other => other,
    }
}

/// `DATE('..')`, `TIMESTAMP('..')` and `INTERVAL(..,..)` are literals; other names are functions.
pub(super) fn temporal_literal(name: &str, arguments: Vec<Syntax>) -> Parsed {
    let given = arguments.len();
    match name.to_ascii_lowercase().as_str() {
        "interval" => match <[Syntax; 2]>::try_from(arguments) {
            Ok([from, to]) => Ok(Syntax::Interval(Box::new(from), Box::new(to))),
            Err(_) => Err(FilterError::Arguments { name: "INTERVAL".into(), expected: "two", given }),
        },
        word @ ("date" | "timestamp") => match <[Syntax; 1]>::try_from(arguments) {
            Ok([Syntax::Text(text)]) if word == "date" => Ok(Syntax::Date(text)),
            Ok([Syntax::Text(text)]) => Ok(Syntax::Timestamp(text)),
            _ => Err(FilterError::Arguments { name: word.to_uppercase(), expected: "one text in quotes", given }),
        },
        _ => Ok(Syntax::operation(name, arguments)),
    }
}

/// A BBOX of four numbers, or of six with heights.
pub(super) fn box_of(numbers: &[f64]) -> Parsed {
    match *numbers {
        [west, south, east, north] | [west, south, _, east, north, _] => Ok(Syntax::Box([west, south, east, north])),
        _ => Err(FilterError::Arguments { name: "BBOX".into(), expected: "four or six numbers", given: numbers.len() }),
    }
}
