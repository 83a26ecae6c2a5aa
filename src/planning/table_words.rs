//! The words of results in the two languages of the reserve table.

use crate::model::Title;

/// Language of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TableLanguage {
    Russian,
    English,
}

impl TableLanguage {
    /// The one of two texts that is in this language.
    #[must_use]
    pub fn pick<'a>(self, russian: &'a str, english: &'a str) -> &'a str {
        if self == Self::Russian { russian } else { english }
    }

    /// A title in this language.
    #[must_use]
    pub fn of(self, title: &Title) -> &str {
        self.pick(&title.ru, &title.en)
    }
}

/// Words of results: the word, Russian, English.
const WORDS: &[(&str, &str, &str)] = &[
    ("balance", "балансовые", "balance"),
    ("off_balance", "забалансовые", "off-balance"),
    ("raised", "верховой", "raised"),
    ("transitional", "переходный", "transitional"),
    ("fen", "низинный", "fen"),
    ("mean", "среднее по пунктам", "mean"),
    ("declustered_mean", "среднее с весами по густоте", "declustered mean"),
    ("thiessen", "ближайшего пункта (многоугольники Тиссена)", "nearest probe (Thiessen polygons)"),
    ("tin", "триангуляция", "triangulation"),
    ("isopach", "изопахит", "isopachs"),
    ("idw", "обратных расстояний", "inverse distance"),
    ("kriging", "кригинг", "kriging"),
    ("simulation", "условное моделирование", "conditional simulation"),
    ("geological", "геологические запасы", "geological reserve"),
    ("legal", "без ограничений по закону", "what no constraint takes"),
    ("above_bottom_layer", "без придонного слоя", "above the bottom layer"),
    ("without_stumps", "без пней", "without stumps"),
    ("extractable", "извлекаемые запасы", "extractable reserve"),
    ("extracted", "добытый торф", "extracted"),
    ("delivered", "доставленное топливо", "delivered fuel"),
    ("gross", "вся площадь", "gross"),
    ("industrial", "промышленная глубина и зольность", "industrial depth and ash"),
    ("technical", "доступно машинам", "within reach of machines"),
    ("recoverable", "извлекается", "recoverable"),
    ("horticultural", "торф для растениеводства", "horticultural"),
    ("chemical", "сырьё для химической переработки", "chemical raw material"),
    ("fuel", "топливный торф", "fuel"),
    ("reject", "некондиционный торф", "reject"),
    ("min_depth_m", "мельче промышленной глубины", "shallower than the least depth"),
    ("max_ash", "зольность выше предельной", "ash above the limit"),
    ("probes", "какие пункты", "probes"),
    ("boundary", "нулевая граница", "boundary rule"),
    ("constraints", "ограничения", "constraints"),
    ("cell_m", "ячейка, м", "cell, m"),
    ("crs", "система координат", "coordinate system"),
    ("inside", "внутри контура", "inside the outline"),
    ("all", "все", "all"),
    ("none", "нет", "none"),
    ("zero", "глубина на контуре нулевая", "zero on the outline"),
    ("apply", "применены", "applied"),
    ("ignore", "не учтены", "ignored"),
    ("report", "показаны отдельно", "reported"),
];

/// A word of a result in a language; one that is not known stays as it is.
#[must_use]
pub(super) fn word(word: &str, language: TableLanguage) -> String {
    let known = WORDS.iter().find(|(known, _, _)| *known == word);
    known.map_or(word, |(_, russian, english)| language.pick(russian, english)).to_owned()
}
