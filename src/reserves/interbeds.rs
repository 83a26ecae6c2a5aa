//! Which layers of a column are balance reserve: limits are about layers, cutting out is about thickness.
//!
//! A layer outside the limits is cut out only where it is thick enough to be left apart; a thinner one is mined with its
//! neighbours and dilutes them. It knows no areas, no constraints and no products.

use super::content::PeatContent;
use super::profile::{CoreProfile, Slice};
use crate::units::{MassFraction, Metres, Share};
use serde::Serialize;

/// Whether a column, or a block of them, is balance reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceClass {
    /// Within all limits.
    Balance,
    /// Peat, but outside a limit.
    OffBalance,
}

/// Why a column is balance reserve, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceReason {
    /// Deep enough, and its mean ash is within the limit.
    WithinLimits,
    /// Shallower than the least depth.
    TooShallow,
    /// Deep enough, but what remains after interbeds are cut out is not.
    InterbedsTakeTooMuch,
    /// The mean ash, thin interbeds mixed in, is above the limit.
    TooMuchAsh,
}

impl BalanceReason {
    /// The class that follows from it.
    #[must_use]
    pub fn class(self) -> BalanceClass {
        if self == Self::WithinLimits { BalanceClass::Balance } else { BalanceClass::OffBalance }
    }

    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::WithinLimits => "deep enough, with ash within the limit",
            Self::TooShallow => "shallower than the least depth",
            Self::InterbedsTakeTooMuch => "too little remains when the layers outside the limits are cut out",
            Self::TooMuchAsh => "the mean ash is above the limit",
        }
    }
}

/// The limits of balance reserve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerLimits {
    /// Columns shallower than this are off-balance.
    pub min_depth: Metres,
    /// Ash above which a layer, or a whole column, is off-balance. A plain number, since a limit may be 100 %.
    pub max_ash: f64,
    /// Layers less decomposed than this are off-balance; zero checks nothing.
    pub min_decomposition: Share,
    /// Off-balance layers are cut out where they are at least so thick.
    pub min_interbed: Metres,
    /// Layer left at the bottom of the peat.
    pub bottom_layer: Metres,
}

impl LayerLimits {
    /// Whether a layer is within the limits; what is unknown is not held against it.
    #[must_use]
    pub fn allow(&self, slice: &Slice) -> bool {
        slice.peat.ash.is_none_or(|ash| ash.value() <= self.max_ash)
            && slice.peat.decomposition.is_none_or(|decomposition| decomposition >= self.min_decomposition)
    }
}

/// A column seen through the limits. Contents are those of one square metre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BalanceColumn {
    /// Why it is balance reserve or not.
    pub reason: BalanceReason,
    /// Thickness of what was not cut out; nothing where the column is off-balance.
    pub thickness: Metres,
    /// Thickness of the interbeds that were cut out, whatever the class.
    pub cut_out: Metres,
    /// Mean ash of what was not cut out, thin interbeds mixed in.
    pub diluted_ash: Option<MassFraction>,
    /// What the balance layers hold over the whole depth; nothing where the column is off-balance.
    pub balance: PeatContent,
    /// The part of it above the layer left at the bottom: its volume over a square metre is its thickness.
    pub above_bottom: PeatContent,
}

impl BalanceColumn {
    /// Balance or off-balance.
    #[must_use]
    pub fn class(&self) -> BalanceClass {
        self.reason.class()
    }
}

/// A stretch of neighbouring slices on the same side of the limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// Its slices are outside the limits and it is thick enough to be left.
    pub(super) cut_out: bool,
    pub(super) thickness: Metres,
    pub(super) content: PeatContent,
    pub(super) above_bottom: PeatContent,
}

/// Walks down a column and hands over its stretches, cut out or kept.
pub(super) fn each_stretch(profile: &CoreProfile, depth: Metres, limits: &LayerLimits, mut hand_over: impl FnMut(Stretch)) {
    let floor = (depth - limits.bottom_layer).max(Metres::ZERO);
    let mut open: Option<(bool, Stretch)> = None;
    let mut close = |(allowed, mut stretch): (bool, Stretch)| {
        stretch.cut_out = !allowed && stretch.thickness >= limits.min_interbed;
        hand_over(stretch);
    };
    for slice in profile.slices(depth) {
        let allowed = limits.allow(&slice);
        let piece = Stretch {
            cut_out: false,
            thickness: slice.thickness(),
            content: slice.content_between(Metres::ZERO, depth),
            above_bottom: slice.content_between(Metres::ZERO, floor),
        };
        open = Some(match open.take() {
            Some((same, stretch)) if same == allowed => (
                same,
                Stretch {
                    thickness: stretch.thickness + piece.thickness,
                    content: stretch.content + piece.content,
                    above_bottom: stretch.above_bottom + piece.above_bottom,
                    ..stretch
                },
            ),
            other => {
                if let Some(before) = other {
                    close(before);
                }
                (allowed, piece)
            }
        });
    }
    if let Some(last) = open {
        close(last);
    }
}

/// A column of this depth through the limits of balance reserve.
///
/// Neighbouring layers outside the limits are one interbed. One of at least `min_interbed` is cut out; a thinner one stays
/// in and dilutes: `A = Σ DM A / Σ DM` over what stays. The column is off-balance where it is shallower than the least
/// depth, where less than that remains after cutting out, or where the diluted ash is above the limit. Unknown ash and
/// decomposition are not held against a layer: who wants a warning looks at what is known.
///
/// Three metres of peat at 90 kg/m³ and 5 % ash over 1 m at 90 kg/m³ and 40 % keep 3 m, 270 kg/m²; with the interbed in,
/// all 4 m would have 13.75 %.
///
/// It costs one pass over the layers and takes no memory.
#[must_use]
pub fn balance_column(profile: &CoreProfile, depth: Metres, limits: &LayerLimits) -> BalanceColumn {
    let mut kept = (Metres::ZERO, PeatContent::ZERO, PeatContent::ZERO);
    let mut cut_out = Metres::ZERO;
    each_stretch(profile, depth, limits, |stretch| {
        if stretch.cut_out {
            cut_out += stretch.thickness;
        } else {
            kept.0 += stretch.thickness;
            kept.1 += stretch.content;
            kept.2 += stretch.above_bottom;
        }
    });
    let diluted_ash = kept.1.mean_ash();
    let shallow = |thickness: Metres| thickness.0.is_nan() || thickness <= Metres::ZERO || thickness < limits.min_depth;
    let reason = if shallow(depth) {
        BalanceReason::TooShallow
    } else if cut_out > Metres::ZERO && shallow(kept.0) {
        BalanceReason::InterbedsTakeTooMuch
    } else if diluted_ash.is_some_and(|ash| ash.value() > limits.max_ash) {
        BalanceReason::TooMuchAsh
    } else {
        BalanceReason::WithinLimits
    };
    let (thickness, balance, above_bottom) =
        if reason.class() == BalanceClass::Balance { kept } else { (Metres::ZERO, PeatContent::ZERO, PeatContent::ZERO) };
    BalanceColumn { reason, thickness, cut_out, diluted_ash, balance, above_bottom }
}

#[cfg(test)]
mod tests {
    use super::super::core_layers::test_layers::{layer, profile_of};
    use super::*;
    use crate::model::PeatType::Raised;

    fn limits() -> LayerLimits {
        LayerLimits {
            min_depth: Metres(0.7),
            max_ash: 0.35,
            min_decomposition: Share::ZERO,
            min_interbed: Metres(0.5),
            bottom_layer: Metres(0.3),
        }
    }

    #[test]
    fn a_thick_interbed_is_cut_out_and_a_thin_one_dilutes() {
        let core = |ashy: f64| {
            profile_of(&[
                layer(0.0, 3.0, Raised, 0.25, 0.05, 90.0),
                layer(3.0, 3.0 + ashy, Raised, 0.25, 0.40, 90.0),
                layer(3.0 + ashy, 5.0, Raised, 0.25, 0.05, 90.0),
            ])
        };
        let thick = balance_column(core(1.0).at(0.0, 0.0), Metres(5.0), &limits());
        assert!((thick.thickness.0 - 4.0).abs() < 1e-9 && (thick.cut_out.0 - 1.0).abs() < 1e-9);
        assert!((thick.diluted_ash.expect("known").value() - 0.05).abs() < 1e-12);
        assert!((thick.balance.dry.0 * 1e3 - 360.0).abs() < 1e-9);
        assert!((thick.above_bottom.volume.0 - 3.7).abs() < 1e-9, "0.3 m of the last metre stay");

        let thin = balance_column(core(0.4).at(0.0, 0.0), Metres(5.0), &limits());
        assert_eq!(thin.cut_out, Metres::ZERO);
        assert!((thin.diluted_ash.expect("known").value() - (4.6 * 0.05 + 0.4 * 0.40) / 5.0).abs() < 1e-12);
    }

    #[test]
    fn an_interbed_is_as_thick_as_it_is_in_the_column() {
        let core = profile_of(&[layer(0.0, 1.2, Raised, 0.25, 0.05, 90.0), layer(1.2, 1.6, Raised, 0.25, 0.40, 90.0)]);
        assert_eq!(balance_column(core.at(0.0, 0.0), Metres(1.6), &limits()).cut_out, Metres::ZERO);
        let deeper = balance_column(core.at(0.0, 0.0), Metres(2.4), &limits());
        assert!((deeper.cut_out.0 - 0.6).abs() < 1e-9, "0.4 m of a core of 1.6 m are 0.6 m of 2.4 m");
    }

    #[test]
    fn neighbouring_layers_outside_the_limits_are_one_interbed() {
        let core = profile_of(&[
            layer(0.0, 1.0, Raised, 0.25, 0.05, 90.0),
            layer(1.0, 1.3, Raised, 0.25, 0.40, 90.0),
            layer(1.3, 1.6, Raised, 0.25, 0.45, 90.0),
        ]);
        assert!((balance_column(core.at(0.0, 0.0), Metres(1.6), &limits()).cut_out.0 - 0.6).abs() < 1e-9);
    }

    #[test]
    fn each_reason_of_an_off_balance_column_is_said() {
        let good = profile_of(&[layer(0.0, 2.0, Raised, 0.25, 0.05, 90.0)]);
        let reason = |depth: f64, core: &super::super::CoreProfiles| balance_column(core.at(0.0, 0.0), Metres(depth), &limits());
        assert_eq!(reason(2.0, &good).reason, BalanceReason::WithinLimits);
        assert_eq!(reason(0.7, &good).reason, BalanceReason::WithinLimits, "the least depth itself counts");
        assert_eq!(reason(0.69, &good).reason, BalanceReason::TooShallow);
        assert_eq!(reason(0.69, &good).balance, PeatContent::ZERO);
        assert_eq!(reason(f64::NAN, &good).reason, BalanceReason::TooShallow);
        let thin = profile_of(&[layer(0.0, 0.5, Raised, 0.25, 0.05, 90.0), layer(0.5, 1.0, Raised, 0.25, 0.40, 90.0)]);
        assert_eq!(reason(1.0, &thin).reason, BalanceReason::InterbedsTakeTooMuch);
        // Two thin interbeds of five: none is cut out, and together they lift the mean above the limit.
        let striped: Vec<_> = [0.1, 0.9, 0.1, 0.9, 0.1]
            .into_iter()
            .zip([0.0, 0.4, 0.8, 1.2, 1.6])
            .map(|(ash, top)| layer(top, top + 0.4, Raised, 0.25, ash, 90.0))
            .collect();
        let striped = balance_column(profile_of(&striped).at(0.0, 0.0), Metres(2.0), &limits());
        assert_eq!((striped.reason, striped.cut_out), (BalanceReason::TooMuchAsh, Metres::ZERO));
    }

    #[test]
    fn raw_layers_are_cut_out_where_fuel_must_be_decomposed() {
        let core = profile_of(&[layer(0.0, 1.0, Raised, 0.10, 0.03, 60.0), layer(1.0, 3.0, Raised, 0.30, 0.03, 90.0)]);
        let fuel = LayerLimits { min_decomposition: Share::new(0.15).expect("a share"), ..limits() };
        let column = balance_column(core.at(0.0, 0.0), Metres(3.0), &fuel);
        assert!((column.thickness.0 - 2.0).abs() < 1e-9 && (column.balance.dry.0 * 1e3 - 180.0).abs() < 1e-9);
    }

    #[test]
    fn stricter_ash_limits_take_more_of_a_column_that_grows_ashier_downwards() {
        let core = profile_of(&[
            layer(0.0, 0.6, Raised, 0.10, 0.03, 60.0),
            layer(0.6, 1.4, Raised, 0.30, 0.20, 90.0),
            layer(1.4, 2.0, Raised, 0.40, 0.30, 120.0),
        ]);
        let mut before = f64::INFINITY;
        for max_ash in [0.5, 0.3, 0.25, 0.2, 0.1, 0.03, 0.01] {
            let column = balance_column(core.at(0.0, 0.0), Metres(2.5), &LayerLimits { max_ash, ..limits() });
            assert!(column.balance.dry.0 <= before, "max_ash {max_ash}");
            before = column.balance.dry.0;
        }
    }
}
