//! [`Syntax`] → [`Predicate`]: names are looked up in the layer's schema, types are checked, literals read.

use super::figure::{ToCrs84, figure_of};
use super::typed::{
    Arithmetic, ArrayRelation, Instant, Number, Period, Predicate, Relation, Shape, SpatialRelation, TemporalRelation, Text,
    TextSource, TextStep, Value,
};
use super::{FilterError, Syntax, functions};
use crate::model::{GeometryKind, LayerSchema, PropertyType};
use crate::query::moment::Moment;
use regex::{Regex, RegexBuilder};

/// Bytes of a compiled pattern.
const PATTERN_BYTES: usize = 1 << 20;
/// Comparisons that two lists may ask for.
const LIST_COMPARISONS: usize = 10_000;

pub(super) struct Checker<'a> {
    pub(super) schema: &'static LayerSchema,
    pub(super) to_crs84: Option<ToCrs84<'a>>,
}

type Checked<T> = Result<T, FilterError>;

impl Checker<'_> {
    /// An expression where true or false is needed.
    pub(super) fn predicate(&self, syntax: &Syntax) -> Checked<Predicate> {
        match self.value(syntax)? {
            Value::Truth(predicate) => Ok(predicate),
            Value::Null => Ok(Predicate::Known(None)),
            other => Err(wrong(syntax, &other, "true or false", "where a condition stands")),
        }
    }

    fn value(&self, syntax: &Syntax) -> Checked<Value> {
        Ok(match syntax {
            Syntax::Null => Value::Null,
            Syntax::Boolean(flag) => Value::Truth(Predicate::Known(Some(*flag))),
            Syntax::Number(number) => Value::Number(Number::Literal(*number)),
            Syntax::Text(text) => Value::Text(Text::literal(text)),
            Syntax::Property(name) => self.property(name)?,
            Syntax::Date(text) => {
                let day = Moment::date(text).ok_or_else(|| no_time(text, "DATE: it is written YYYY-MM-DD"))?;
                Value::Instant(Instant::Literal(day))
            }
            Syntax::Timestamp(text) => {
                let moment =
                    Moment::timestamp(text).ok_or_else(|| no_time(text, "TIMESTAMP: it is written YYYY-MM-DDThh:mm:ssZ"))?;
                Value::Instant(Instant::Literal(moment))
            }
            Syntax::Interval(from, to) => self.interval(syntax, from, to)?,
            Syntax::Geometry(_) | Syntax::Box(_) => Value::Shape(Shape::Literal(Box::new(figure_of(syntax, self.to_crs84)?))),
            Syntax::List(members) => Value::List(self.values(members)?),
            Syntax::Operation(name, arguments) => self.operation(name, arguments)?,
        })
    }

    fn values(&self, members: &[Syntax]) -> Checked<Vec<Value>> {
        members.iter().map(|member| self.value(member)).collect()
    }

    fn property(&self, name: &str) -> Checked<Value> {
        if let Some(column) = self.schema.index_of(name) {
            return Ok(match self.schema.properties[column].kind {
                PropertyType::Text => Value::Text(Text { source: TextSource::Column(column), steps: Vec::new() }),
                PropertyType::Number | PropertyType::Integer => Value::Number(Number::Column(column)),
                PropertyType::Boolean => Value::Truth(Predicate::Flag(column)),
                PropertyType::Date => Value::Instant(Instant::Days(column)),
                PropertyType::Moment => Value::Instant(Instant::Moments(column)),
                PropertyType::Layers => Value::Layers(column),
            });
        }
        match name {
            "id" => Ok(Value::Number(Number::Id)),
            "geometry" | "geom" if self.has_geometry() => Ok(Value::Shape(Shape::Own)),
            _ => Err(FilterError::UnknownProperty { name: name.chars().take(80).collect(), known: self.known() }),
        }
    }

    fn has_geometry(&self) -> bool {
        self.schema.geometry.iter().any(|kind| *kind != GeometryKind::None)
    }

    fn known(&self) -> String {
        let own = ["id"].into_iter().chain(self.has_geometry().then_some("geometry"));
        own.chain(self.schema.properties.iter().map(|property| property.name.as_str())).collect::<Vec<_>>().join(", ")
    }

    fn operation(&self, name: &str, arguments: &[Syntax]) -> Checked<Value> {
        if let Some(relation) = Relation::named(name) {
            let [left, right] = exactly(name, arguments, "two")?;
            return self.comparison(relation, left, right).map(Value::Truth);
        }
        if let Some(operator) = Arithmetic::named(name) {
            let [left, right] = exactly(name, arguments, "two")?;
            return self.arithmetic(name, operator, left, right);
        }
        if let Some(relation) = SpatialRelation::named(name) {
            let [left, right] = exactly(name, arguments, "two")?;
            let (left, right) = (self.shape(name, left)?, self.shape(name, right)?);
            return Ok(Value::Truth(match (left, right) {
                (Some(left), Some(right)) => Predicate::Spatial(relation, left, right),
                _ => Predicate::Known(None),
            }));
        }
        if let Some(relation) = TemporalRelation::named(name) {
            let [left, right] = exactly(name, arguments, "two")?;
            let (left, right) = (self.period(name, left)?, self.period(name, right)?);
            return Ok(Value::Truth(match (left, right) {
                (Some(left), Some(right)) => Predicate::Temporal(relation, left, right),
                _ => Predicate::Known(None),
            }));
        }
        if let Some(relation) = ArrayRelation::named(name) {
            let [left, right] = exactly(name, arguments, "two")?;
            return self.arrays(name, relation, left, right).map(Value::Truth);
        }
        match name {
            "and" | "or" => {
                let members: Vec<Predicate> = arguments.iter().map(|member| self.predicate(member)).collect::<Checked<_>>()?;
                if members.len() < 2 {
                    let name = name.to_uppercase();
                    return Err(FilterError::Arguments { name, expected: "two or more", given: members.len() });
                }
                Ok(Value::Truth(if name == "and" { Predicate::All(members) } else { Predicate::Any(members) }))
            }
            "not" => {
                let [inner] = exactly("NOT", arguments, "one")?;
                Ok(Value::Truth(Predicate::Not(Box::new(self.predicate(inner)?))))
            }
            "isNull" => {
                let [inner] = exactly("IS NULL", arguments, "one")?;
                Ok(Value::Truth(match self.value(inner)? {
                    Value::Null => Predicate::Known(Some(true)),
                    list @ Value::List(_) => return Err(wrong(inner, &list, "a single value", "before IS NULL")),
                    value => Predicate::Missing(Box::new(value)),
                }))
            }
            "like" => {
                let [text, pattern] = exactly("LIKE", arguments, "two")?;
                self.like(text, pattern).map(Value::Truth)
            }
            "between" => {
                let [value, low, high] = exactly("BETWEEN", arguments, "three")?;
                let above = self.comparison(Relation::GreaterOrEqual, value, low)?;
                Ok(Value::Truth(Predicate::All(vec![above, self.comparison(Relation::LessOrEqual, value, high)?])))
            }
            "in" => self.among(arguments).map(Value::Truth),
            "casei" | "accenti" => {
                let [inner] = exactly(name, arguments, "one")?;
                let step = if name == "casei" { TextStep::WithoutCase } else { TextStep::WithoutAccents };
                Ok(self.text(name, inner)?.map_or(Value::Null, |text| Value::Text(text.step(step))))
            }
            _ => functions::call(name, arguments, self.values(arguments)?),
        }
    }

    fn comparison(&self, relation: Relation, left: &Syntax, right: &Syntax) -> Checked<Predicate> {
        let (a, b) = (self.value(left)?, self.value(right)?);
        compare(relation, a, b).unwrap_or_else(|unlike| {
            let (a, b) = *unlike;
            Err(FilterError::Unlike { left: left.shown(), left_is: a.kind(), right: right.shown(), right_is: b.kind() })
        })
    }

    fn arithmetic(&self, name: &str, operator: Arithmetic, left: &Syntax, right: &Syntax) -> Checked<Value> {
        let number = |syntax: &Syntax| match self.value(syntax)? {
            Value::Number(number) => Ok(Some(number)),
            Value::Null => Ok(None),
            other => Err(wrong(syntax, &other, "a number", &format!("beside {name}"))),
        };
        Ok(match (number(left)?, number(right)?) {
            (Some(Number::Literal(left)), Some(Number::Literal(right))) => {
                let result = operator.of(left, right);
                if result.is_nan() { Value::Null } else { Value::Number(Number::Literal(result)) }
            }
            (Some(left), Some(right)) => Value::Number(Number::Arithmetic(operator, Box::new(left), Box::new(right))),
            _ => Value::Null,
        })
    }

    fn text(&self, name: &str, syntax: &Syntax) -> Checked<Option<Text>> {
        match self.value(syntax)? {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            other => Err(wrong(syntax, &other, "a text", &format!("in {}", name.to_uppercase()))),
        }
    }

    fn shape(&self, name: &str, syntax: &Syntax) -> Checked<Option<Shape>> {
        match self.value(syntax)? {
            Value::Shape(shape) => Ok(Some(shape)),
            Value::Null => Ok(None),
            other => Err(wrong(syntax, &other, "a geometry", &format!("in {}", name.to_uppercase()))),
        }
    }

    fn period(&self, name: &str, syntax: &Syntax) -> Checked<Option<Period>> {
        match self.value(syntax)? {
            Value::Period(period) => Ok(Some(period)),
            Value::Instant(instant) => Ok(Some(Period::At(instant))),
            Value::Text(Text { source: TextSource::Literal(text), .. }) => instant_of(&text).map(|at| Some(Period::At(at))),
            Value::Null => Ok(None),
            other => Err(wrong(syntax, &other, "a date, a moment or an interval", &format!("in {}", name.to_uppercase()))),
        }
    }

    fn interval(&self, whole: &Syntax, from: &Syntax, to: &Syntax) -> Checked<Value> {
        let bound = |syntax: &Syntax| match self.value(syntax)? {
            Value::Text(Text { source: TextSource::Literal(text), .. }) if text == ".." => Ok(Some(None)),
            Value::Text(Text { source: TextSource::Literal(text), .. }) => instant_of(&text).map(|at| Some(Some(at))),
            Value::Instant(instant) => Ok(Some(Some(instant))),
            Value::Null => Ok(None),
            other => Err(wrong(syntax, &other, "a date, a moment or '..'", "in INTERVAL")),
        };
        let (Some(from), Some(to)) = (bound(from)?, bound(to)?) else { return Ok(Value::Null) };
        if let (Some(Instant::Literal(from)), Some(Instant::Literal(to))) = (&from, &to)
            && from.first() > to.last()
        {
            return Err(FilterError::Backwards(whole.shown()));
        }
        Ok(Value::Period(Period::Between(from, to)))
    }

    fn like(&self, text: &Syntax, pattern: &Syntax) -> Checked<Predicate> {
        let (Some(text), Some(asked)) = (self.text("LIKE", text)?, self.text("LIKE", pattern)?) else {
            return Ok(Predicate::Known(None));
        };
        match asked.source {
            TextSource::Literal(asked) => Ok(Predicate::Like(text, pattern_of(&asked)?)),
            TextSource::Column(_) => Err(FilterError::Kind {
                found: pattern.shown(),
                is: "a property",
                wanted: "a pattern in quotes",
                place: "after LIKE".to_owned(),
            }),
        }
    }

    fn among(&self, arguments: &[Syntax]) -> Checked<Predicate> {
        let [value, list] = exactly("IN", arguments, "a value and a list, that is two")?;
        let Syntax::List(members) = list else {
            return Err(wrong(list, &self.value(list)?, "a list in parentheses", "after IN"));
        };
        let numbers: Option<Vec<f64>> =
            members.iter().map(|member| if let Syntax::Number(number) = member { Some(*number) } else { None }).collect();
        let texts = self.values(members)?;
        match (self.value(value)?, numbers) {
            (Value::Number(number), Some(mut numbers)) => {
                numbers.sort_by(f64::total_cmp);
                Ok(Predicate::NumberAmong(number, numbers))
            }
            (Value::Text(text), _) if texts.iter().all(is_literal_text) => {
                let mut texts: Vec<String> = texts.into_iter().filter_map(literal_text).collect();
                texts.sort_unstable();
                texts.dedup();
                Ok(Predicate::TextAmong(text, texts))
            }
            _ => {
                let equal = |member: &Syntax| self.comparison(Relation::Equal, value, member);
                Ok(Predicate::Any(members.iter().map(equal).collect::<Checked<_>>()?))
            }
        }
    }

    fn arrays(&self, name: &str, relation: ArrayRelation, left: &Syntax, right: &Syntax) -> Checked<Predicate> {
        match (self.value(left)?, self.value(right)?) {
            (Value::Null, _) | (_, Value::Null) => Ok(Predicate::Known(None)),
            (Value::Layers(column), list) => against_layers(name, relation, column, right, list),
            (list, Value::Layers(column)) => {
                let mirrored = match relation {
                    ArrayRelation::Contains => ArrayRelation::ContainedBy,
                    ArrayRelation::ContainedBy => ArrayRelation::Contains,
                    same => same,
                };
                against_layers(name, mirrored, column, left, list)
            }
            (a, b) => {
                let (a, b) = (list_of(name, left, a)?, list_of(name, right, b)?);
                if a.len().saturating_mul(b.len()) > LIST_COMPARISONS {
                    return Err(FilterError::TooMuch { what: "comparisons of two lists", most: LIST_COMPARISONS });
                }
                let all_in =
                    |some: &[Value], others: &[Value]| Predicate::All(some.iter().map(|one| any_equal(one, others)).collect());
                Ok(match relation {
                    ArrayRelation::Contains => all_in(&b, &a),
                    ArrayRelation::ContainedBy => all_in(&a, &b),
                    ArrayRelation::Equals => Predicate::All(vec![all_in(&a, &b), all_in(&b, &a)]),
                    ArrayRelation::Overlaps => Predicate::Any(a.iter().map(|one| any_equal(one, &b)).collect()),
                })
            }
        }
    }
}

/// The list against which layers are asked: texts and numbers, as their JSON has them.
fn against_layers(name: &str, relation: ArrayRelation, column: usize, syntax: &Syntax, list: Value) -> Checked<Predicate> {
    let members = list_of(name, syntax, list)?;
    let scalar = |member: Value| match member {
        Value::Number(Number::Literal(number)) => Some(number.to_string()),
        text => literal_text(text),
    };
    let scalars: Option<Vec<String>> = members.into_iter().map(scalar).collect();
    let mut scalars = scalars.ok_or(FilterError::Layers)?;
    scalars.sort_unstable();
    scalars.dedup();
    Ok(Predicate::Layers(relation, column, scalars))
}

fn exactly<'a, const N: usize>(name: &str, arguments: &'a [Syntax], expected: &'static str) -> Checked<&'a [Syntax; N]> {
    let wrong = || FilterError::Arguments { name: name.to_uppercase(), expected, given: arguments.len() };
    arguments.try_into().map_err(|_| wrong())
}

fn wrong(syntax: &Syntax, value: &Value, wanted: &'static str, place: &str) -> FilterError {
    FilterError::Kind { found: syntax.shown(), is: value.kind(), wanted, place: place.to_owned() }
}

fn no_time(text: &str, wanted: &'static str) -> FilterError {
    FilterError::Time { text: text.chars().take(60).collect(), wanted }
}

fn instant_of(text: &str) -> Checked<Instant> {
    let moment = Moment::parse(text);
    moment.map(Instant::Literal).ok_or_else(|| no_time(text, "date (YYYY-MM-DD) or moment (YYYY-MM-DDThh:mm:ssZ)"))
}

/// A comparison of two values of one kind; they come back where they are not of one kind.
fn compare(relation: Relation, left: Value, right: Value) -> Result<Checked<Predicate>, Box<(Value, Value)>> {
    Ok(Ok(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Predicate::Known(None),
        (Value::Number(left), Value::Number(right)) => Predicate::Numbers(relation, left, right),
        (Value::Text(left), Value::Text(right)) => Predicate::Texts(relation, left, right),
        (Value::Instant(left), Value::Instant(right)) => Predicate::Instants(relation, left, right),
        // Clients that do not know CQL2 write dates as texts.
        (Value::Instant(left), Value::Text(Text { source: TextSource::Literal(text), .. })) => match instant_of(&text) {
            Ok(right) => Predicate::Instants(relation, left, right),
            Err(error) => return Ok(Err(error)),
        },
        (Value::Text(Text { source: TextSource::Literal(text), .. }), Value::Instant(right)) => match instant_of(&text) {
            Ok(left) => Predicate::Instants(relation, left, right),
            Err(error) => return Ok(Err(error)),
        },
        (Value::Truth(left), Value::Truth(right)) => Predicate::Truths(relation, Box::new(left), Box::new(right)),
        unlike => return Err(Box::new(unlike)),
    }))
}

/// Whether a value is among others; values of another kind are unequal.
fn any_equal(one: &Value, others: &[Value]) -> Predicate {
    let equal = |other: &Value| match (one, other) {
        // Texts are dates only where a date is asked for, not in lists of all kinds.
        (Value::Text(_), Value::Instant(_)) | (Value::Instant(_), Value::Text(_)) => Predicate::Known(Some(false)),
        (Value::Shape(left), Value::Shape(right)) => Predicate::Spatial(SpatialRelation::Equals, left.clone(), right.clone()),
        (Value::Period(left), Value::Period(right)) => Predicate::Temporal(TemporalRelation::Equals, left.clone(), right.clone()),
        _ => match compare(Relation::Equal, one.clone(), other.clone()) {
            Ok(Ok(predicate)) => predicate,
            Ok(Err(_)) | Err(_) => Predicate::Known(Some(false)),
        },
    };
    Predicate::Any(others.iter().map(equal).collect())
}

/// A list; one value in parentheses is read as itself, and is a list of one here.
fn list_of(name: &str, syntax: &Syntax, value: Value) -> Checked<Vec<Value>> {
    match value {
        Value::List(members) => Ok(members),
        // A property is no list, whatever its type.
        _ if matches!(syntax, Syntax::Property(_)) => {
            Err(wrong(syntax, &value, "a list", &format!("in {}", name.to_uppercase())))
        }
        one => Ok(vec![one]),
    }
}

fn is_literal_text(value: &Value) -> bool {
    matches!(value, Value::Text(Text { source: TextSource::Literal(_), .. }))
}

fn literal_text(value: Value) -> Option<String> {
    match value {
        Value::Text(Text { source: TextSource::Literal(text), .. }) => Some(text),
        _ => None,
    }
}

/// The pattern of LIKE: `%` any characters, `_` one, `\` before one that stands for itself.
fn pattern_of(text: &str) -> Checked<Regex> {
    let mut pattern = String::from("^(?s:");
    let mut letters = text.chars();
    let mut one = [0; 4];
    while let Some(letter) = letters.next() {
        match letter {
            '%' => pattern.push_str(".*"),
            '_' => pattern.push('.'),
            '\\' => pattern.push_str(&regex::escape(letters.next().unwrap_or('\\').encode_utf8(&mut one))),
            _ => pattern.push_str(&regex::escape(letter.encode_utf8(&mut one))),
        }
    }
    pattern.push_str(")$");
    RegexBuilder::new(&pattern).size_limit(PATTERN_BYTES).build().map_err(|_| FilterError::Pattern)
}
