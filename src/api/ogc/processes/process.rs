//! The processes: what each is called, takes and gives, and how it is made ready to run.

use super::input_values::Given;
use super::{
    allocate, chp_study, compare_scenarios, echo, fuel_supply, reserve_estimate, site_plants, steam_retrofit, town_demand,
};
use crate::api::computation_inputs::ComputationInput;
use crate::api::language::Language;
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::config::Config;
use crate::jobs::Progress;
use serde_json::Value;

/// A process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Process {
    /// Reserves of a deposit or an area, as `/reserves` answers them.
    ReserveEstimate,
    /// Fuel supply of a plant, as `/supply` answers it.
    FuelSupply,
    /// The peat of several deposits to several plants over years.
    Allocate,
    /// Where plants should stand.
    SitePlants,
    /// A plant as a project: heat, fuel, money, gases, and how sure that is.
    ChpStudy,
    /// A machine in place of a boiler house's reducing valve.
    SteamRetrofit,
    /// The demand of consumers for heat, steam and power.
    TownDemand,
    /// Two to four scenarios of the project, computed and laid side by side.
    CompareScenarios,
    /// Gives back what it is given: for whoever tries a client out.
    Echo,
}

/// An input of a process.
pub(in crate::api) struct ProcessInput {
    pub about: ComputationInput,
    pub required: bool,
}

/// An output of a process.
pub(super) struct ProcessOutput {
    pub id: &'static str,
    /// English, Russian.
    pub title: (&'static str, &'static str),
    pub schema: Value,
}

/// Outputs with their JSON.
pub(super) type Outputs = Vec<(&'static str, Vec<u8>)>;

/// What an execution does when its turn comes.
pub(super) type Work = Box<dyn FnOnce(&dyn Progress) -> Result<Outputs, Problem> + Send>;

/// An execution whose inputs are read and found right.
pub(super) struct Execution {
    /// Whether it takes its time, so that it runs as a job even where the client waits.
    pub is_long: bool,
    /// Where it queues when it does not.
    pub queue: Queue,
    pub work: Work,
}

impl Process {
    pub(in crate::api) const ALL: [Self; 9] = [
        Self::ReserveEstimate,
        Self::FuelSupply,
        Self::Allocate,
        Self::SitePlants,
        Self::ChpStudy,
        Self::SteamRetrofit,
        Self::TownDemand,
        Self::CompareScenarios,
        Self::Echo,
    ];

    /// Its name in addresses and jobs.
    pub(in crate::api) const fn id(self) -> &'static str {
        match self {
            Self::ReserveEstimate => "reserve-estimate",
            Self::FuelSupply => "fuel-supply",
            Self::Allocate => "allocate",
            Self::SitePlants => "site-plants",
            Self::ChpStudy => "chp-study",
            Self::SteamRetrofit => "steam-retrofit",
            Self::TownDemand => "town-demand",
            Self::CompareScenarios => "compare-scenarios",
            Self::Echo => "echo",
        }
    }

    /// The names of all.
    pub(in crate::api) fn ids() -> [&'static str; 9] {
        Self::ALL.map(Self::id)
    }

    /// The process of an address.
    ///
    /// # Errors
    /// 404, with the names that there are.
    pub(in crate::api) fn named(id: &str) -> Result<Self, Problem> {
        Self::ALL
            .iter()
            .find(|process| process.id() == id)
            .copied()
            .ok_or_else(|| Problem::no_such_process(id, &Self::ids().join(", ")))
    }

    /// Its title.
    pub(in crate::api) fn title(self, language: Language) -> &'static str {
        match self {
            Self::ReserveEstimate => language.pick("Reserve estimate", "Оценка запасов"),
            Self::FuelSupply => language.pick("Fuel supply", "Снабжение топливом"),
            Self::Allocate => language.pick("Allocation of peat to plants", "Распределение торфа по станциям"),
            Self::SitePlants => language.pick("Sites of plants", "Размещение станций"),
            Self::ChpStudy => language.pick("Study of a plant", "Технико-экономический расчёт станции"),
            Self::SteamRetrofit => language.pick("Steam of a boiler house", "Пар котельной"),
            Self::TownDemand => language.pick("Demand for heat, steam and power", "Нагрузки потребителей"),
            Self::CompareScenarios => language.pick("Comparison of scenarios", "Сравнение сценариев"),
            Self::Echo => language.pick("Echo", "Эхо"),
        }
    }

    /// What it does.
    pub(in crate::api) fn meaning(self, language: Language) -> &'static str {
        match self {
            Self::ReserveEstimate => language.pick(
                "Reserves of a deposit or of an area: depth between the probes, the ladder from geological reserves to delivered fuel, and their uncertainty",
                "Запасы месторождения или участка: глубина между пунктами зондирования, ступени от геологических запасов до доставленного топлива и их погрешность",
            ),
            Self::FuelSupply => language.pick(
                "Fuel supply of a plant: fields by delivered cost until the need is met, and what remains year by year",
                "Снабжение станции топливом: поля по стоимости с доставкой, пока потребность не покрыта, и остаток по годам",
            ),
            Self::Allocate => language.pick(
                "Several deposits, several plants, many years: who burns whose peat, and when, at the least discounted cost; what the last MWh costs at each plant, and what peat in the ground and harvest capacity are worth",
                "Несколько месторождений, несколько станций, много лет: чей торф, где и когда сжигать при наименьших дисконтированных затратах; предельная стоимость топлива у каждой станции, рента запаса и ценность добычной мощности",
            ),
            Self::SitePlants => language.pick(
                "Where plants should stand and of which size: consumers by pipe, deposits by haul, the cheapest plan with a proven bound, other plans that cost hardly more, and candidate sites by weighted criteria",
                "Где строить станции и какой мощности: потребители по теплотрассам, месторождения по вывозке, самый дешёвый план с доказанной границей, близкие по стоимости варианты и площадки по взвешенным критериям",
            ),
            Self::ChpStudy => language.pick(
                "A plant as a project: the heat of its consumers hour by hour, the dispatch of plant, boiler and store, fuel from the bog year by year, cash flow, gases against those of the present fuel, and how sure all that is",
                "Станция как проект: тепло потребителей по часам, режим станции, котла и аккумулятора, торф по годам, денежный поток, выбросы в сравнении с нынешним топливом и неопределённость всего этого",
            ),
            Self::SteamRetrofit => language.pick(
                "A back-pressure turbine or a screw expander in place of a boiler house's reducing valve: power, extra fuel, a year of it and its payback, for the best size or a given one",
                "Противодавленческая турбина или винтовая машина вместо редукционной установки котельной: мощность, дополнительное топливо, год работы и окупаемость для лучшего или заданного размера",
            ),
            Self::TownDemand => language.pick(
                "What consumers need hour by hour over a year of weather: space heat, hot water, process heat, losses, electricity; peaks, months and load duration curves, by a weather file or by the four numbers of a norm",
                "Почасовые нагрузки потребителей за год погоды: отопление, горячая вода, технология, потери, электроэнергия; максимумы, месяцы и графики продолжительности по файлу погоды или по четырём числам нормы",
            ),
            Self::CompareScenarios => language.pick(
                "Two to four scenarios of the project computed anew and laid side by side: inputs that differ, and results with their differences",
                "От двух до четырёх сценариев проекта, рассчитанных заново и поставленных рядом: различия входных данных и результатов",
            ),
            Self::Echo => language.pick(
                "Gives back what it is given, after a pause where one is asked for: to try a client out",
                "Возвращает то, что получает, после паузы, если её просят: для проверки клиентов",
            ),
        }
    }

    /// What it takes.
    pub(in crate::api) fn inputs(self, config: &Config) -> Vec<ProcessInput> {
        match self {
            Self::ReserveEstimate => reserve_estimate::inputs(),
            Self::FuelSupply => fuel_supply::inputs(),
            Self::Allocate => allocate::inputs(),
            Self::SitePlants => site_plants::inputs(),
            Self::ChpStudy => chp_study::inputs(),
            Self::SteamRetrofit => steam_retrofit::inputs(),
            Self::TownDemand => town_demand::inputs(),
            Self::CompareScenarios => compare_scenarios::inputs(),
            Self::Echo => echo::inputs(config),
        }
    }

    /// What it gives.
    pub(super) fn outputs(self, config: &Config) -> Vec<ProcessOutput> {
        match self {
            Self::ReserveEstimate => reserve_estimate::outputs(),
            Self::FuelSupply => fuel_supply::outputs(),
            Self::Allocate => allocate::outputs(),
            Self::SitePlants => site_plants::outputs(),
            Self::ChpStudy => chp_study::outputs(),
            Self::SteamRetrofit => steam_retrofit::outputs(),
            Self::TownDemand => town_demand::outputs(),
            Self::CompareScenarios => compare_scenarios::outputs(),
            Self::Echo => echo::outputs(config),
        }
    }

    /// Makes it ready to run with values that its inputs accept.
    ///
    /// # Errors
    /// Names the input and what it accepts.
    pub(super) fn prepare(self, state: &State, given: Given) -> Result<Execution, Problem> {
        match self {
            Self::ReserveEstimate => reserve_estimate::prepare(state, given),
            Self::FuelSupply => fuel_supply::prepare(state, given),
            Self::Allocate => allocate::prepare(state, given),
            Self::SitePlants => site_plants::prepare(state, given),
            Self::ChpStudy => chp_study::prepare(state, given),
            Self::SteamRetrofit => steam_retrofit::prepare(state, given),
            Self::TownDemand => town_demand::prepare(state, given),
            Self::CompareScenarios => compare_scenarios::prepare(state, &given),
            Self::Echo => echo::prepare(given),
        }
    }
}
