//! What a request may do: read from its key, or from where the service listens. The gate asks it for every request; handlers
//! that write ask again for the layer they write to.

use super::surroundings::Surroundings;
use crate::access::{Keys, Role};
use crate::api::problem::Problem;
use crate::config::Config;
use crate::model::Layer;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, COOKIE as COOKIES, FORWARDED, HeaderMap, HeaderName, VIA};
use actix_web::{HttpMessage, HttpRequest, web};
use arc_swap::ArcSwapOption;
use std::sync::Arc;

/// The cookie in which a browser keeps a key for its session.
pub(in crate::api) const COOKIE: &str = "peatplan_key";
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Secrets longer than this are nobody's.
const SECRET_BYTES: usize = 256;

/// What a request may do.
#[derive(Debug, Clone)]
pub(in crate::api) struct Access(Arc<Grant>);

#[derive(Debug)]
struct Grant {
    who: Who,
    role: Option<Role>,
    /// Layers that the role is limited to.
    collections: Option<Vec<Layer>>,
    /// Whether reading is for everybody.
    reads_are_open: bool,
    /// Whether a key would help.
    keys_exist: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Key(String),
    /// The key of that name, in the cookie of a browser: it reads and no more.
    Session(String),
    Local,
    Anyone,
}

/// The rights of a request.
pub(in crate::api) fn of(request: &HttpRequest) -> Access {
    let known = request.extensions().get::<Access>().cloned();
    // Nothing gets past the gate without rights; should it ever, it has none.
    known.unwrap_or_else(|| Access::new(Who::Anyone, None, None, false, false))
}

impl Access {
    fn new(who: Who, role: Option<Role>, collections: Option<Vec<Layer>>, reads_are_open: bool, keys_exist: bool) -> Self {
        Self(Arc::new(Grant { who, role, collections, reads_are_open, keys_exist }))
    }

    /// Whose rights these are: the name of the key, else `local` or `anyone`.
    pub(in crate::api) fn who(&self) -> &str {
        match &self.0.who {
            Who::Key(name) | Who::Session(name) => name,
            Who::Local => "local",
            Who::Anyone => "anyone",
        }
    }

    /// Under which name what a client starts is kept for it alone: that of its key; none for whoever is anyone.
    pub(in crate::api) fn owner(&self) -> Option<String> {
        match &self.0.who {
            Who::Key(name) | Who::Session(name) => Some(format!("key {name}")),
            Who::Local => Some("local".to_owned()),
            Who::Anyone => None,
        }
    }

    /// The name of the key, where there is one.
    pub(super) fn key(&self) -> Option<&str> {
        if let Who::Key(name) | Who::Session(name) = &self.0.who { Some(name) } else { None }
    }

    /// The name of the key that a browser keeps for its session.
    pub(in crate::api) fn session(&self) -> Option<&str> {
        if let Who::Session(name) = &self.0.who { Some(name) } else { None }
    }

    /// Whether a role is granted for a layer; with none, for the whole project.
    pub(in crate::api) fn may(&self, role: Role, layer: Option<Layer>) -> bool {
        let grant = &*self.0;
        if role == Role::Read && grant.reads_are_open {
            return true;
        }
        let here = grant.collections.as_ref().is_none_or(|layers| layer.is_some_and(|layer| layers.contains(&layer)));
        here && grant.role.is_some_and(|own| own >= role)
    }

    /// Whether the client is known at all: enough for what the service is, though not for what it holds.
    fn is_known(&self) -> bool {
        self.0.reads_are_open || self.0.role.is_some()
    }

    /// Refuses who may not.
    ///
    /// # Errors
    /// 401 where a key is needed, 403 where there is one that does not open this, or no key would help.
    pub(in crate::api) fn require(&self, role: Role, layer: Option<Layer>) -> Result<(), Problem> {
        if self.may(role, layer) { Ok(()) } else { Err(self.refusal(role, layer)) }
    }

    fn refusal(&self, role: Role, layer: Option<Layer>) -> Problem {
        let grant = &*self.0;
        let place = layer.map_or_else(|| "the whole project".to_owned(), |layer| format!("the collection {layer}"));
        let wanted = format!("a key with the role {} for {place}", role.name());
        match (&grant.who, grant.role) {
            (Who::Session(name), _) if role > Role::Read => Problem::forbidden(format!(
                "this needs {wanted}; what a browser keeps of the key {name:?} is for reading alone: send the key as X-API-Key"
            )),
            (Who::Key(name) | Who::Session(name), Some(own)) => {
                let layers = grant.collections.as_ref().map(|layers| layers.iter().map(|layer| layer.name()).collect::<Vec<_>>());
                let where_to = layers.map_or_else(|| "all collections".to_owned(), |layers| layers.join(", "));
                Problem::forbidden(format!("this needs {wanted}; the key {name:?} has the role {} for {where_to}", own.name()))
            }
            _ if grant.keys_exist => {
                Problem::unauthorized(format!("this needs {wanted}: send it as X-API-Key or as Authorization: Bearer"))
            }
            _ => Problem::forbidden(format!(
                "this needs {wanted}, and the service has no keys: it is read-only until it is started with --keys FILE \
                 (peatplan key new makes keys)"
            )),
        }
    }
}

/// The rules of a service.
pub(super) struct Rights {
    pub keys: ArcSwapOption<Keys>,
    reads_need_a_key: bool,
    is_local: bool,
}

impl Rights {
    pub(super) fn new(config: &Config, keys: Option<Keys>) -> Self {
        Self {
            keys: ArcSwapOption::new(keys.map(Arc::new)),
            reads_need_a_key: config.reads_need_a_key,
            is_local: config.is_local(),
        }
    }

    /// What a request may do by its headers.
    ///
    /// # Errors
    /// 401: its key is none of those that there are.
    pub(super) fn of(&self, headers: &HeaderMap) -> Result<Access, Problem> {
        let keys = self.keys.load();
        let reads_are_open = !self.reads_need_a_key;
        if let (Some(keys), None, Some(kept)) = (&*keys, secret(headers), cookie(headers))
            && let Some(key) = keys.find(kept)
        {
            let who = Who::Session(key.name.clone());
            return Ok(Access::new(who, Some(Role::Read), key.collections.clone(), reads_are_open, true));
        }
        // A cookie with a key that is taken back is nobody's, so that another can be given.
        match (&*keys, secret(headers)) {
            (Some(keys), Some(secret)) => {
                let key = keys.find(secret).ok_or_else(|| Problem::unauthorized("the key is not one that the service knows"))?;
                let who = Who::Key(key.name.clone());
                Ok(Access::new(who, Some(key.role), key.collections.clone(), reads_are_open, true))
            }
            // What a proxy passes on comes from the world, though it arrives from this machine.
            (None, _) if self.is_local && !is_forwarded(headers) => {
                Ok(Access::new(Who::Local, Some(Role::Admin), None, reads_are_open, false))
            }
            (keys, _) => {
                let role = reads_are_open.then_some(Role::Read);
                Ok(Access::new(Who::Anyone, role, None, reads_are_open, keys.is_some()))
            }
        }
    }
}

fn secret(headers: &HeaderMap) -> Option<&str> {
    let named = headers.get(API_KEY).and_then(|value| value.to_str().ok());
    let bearer = || {
        let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(secret)
    };
    // One that is far too long is still a key, and a wrong one.
    let secret = named.or_else(bearer)?.trim();
    Some(secret.get(..secret.len().min(SECRET_BYTES)).unwrap_or_default())
}

/// The key that a browser keeps.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(COOKIES).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(name, _)| *name == COOKIE);
    named.next().map(|(_, secret)| secret).filter(|secret| secret.len() <= SECRET_BYTES)
}

/// Whether the service knows a key.
pub(in crate::api) fn is_known(request: &HttpRequest, secret: &str) -> bool {
    let surroundings = request.app_data::<web::Data<Surroundings>>();
    let keys = surroundings.and_then(|surroundings| surroundings.rights.keys.load_full());
    secret.len() <= SECRET_BYTES && keys.is_some_and(|keys| keys.find(secret).is_some())
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    [FORWARDED, VIA, FORWARDED_FOR].iter().any(|name| headers.contains_key(name))
}

/// What an address is about, as far as rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The map's own files and the service's health.
    Open,
    /// What the service is.
    Service,
    /// A layer's content, or that of a layer that does not exist.
    Collection(Option<Layer>),
    /// Anything else may show what any layer holds.
    Project,
}

fn place_of(path: &str) -> Place {
    if let Some(rest) = path.strip_prefix("/ogc/collections/").filter(|rest| !rest.is_empty()) {
        let name = rest.split('/').next().unwrap_or_default();
        return Place::Collection(Layer::ALL.iter().find(|layer| layer.name() == name).copied());
    }
    match path {
        "/" | "/index.html" | "/icon.svg" | "/favicon.ico" | "/health/live" | "/health/ready"
        // Where a key is given, and how that looks.
        | "/session" | "/session/end" | "/ogc/pages.css" => Place::Open,
        _ if path.starts_with("/assets/") => Place::Open,
        "/ogc" | "/ogc/" | "/ogc/conformance" | "/ogc/api" | "/ogc/collections" | "/ogc/collections/" | "/project"
        | "/parameters" => Place::Service,
        _ => Place::Project,
    }
}

pub(super) fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Whether a request may go on to its handler: reading where that is not for everybody, and every change of a layer.
pub(super) fn check(access: &Access, method: &Method, path: &str) -> Result<(), Problem> {
    let place = place_of(path);
    match place {
        // What could be changed there is said by OPTIONS, which tells nothing else.
        _ if method == Method::OPTIONS => Ok(()),
        Place::Collection(layer) if !is_safe(method) => access.require(Role::Edit, layer),
        Place::Open => Ok(()),
        Place::Service if access.is_known() => Ok(()),
        Place::Collection(layer) => access.require(Role::Read, layer),
        Place::Service | Place::Project => access.require(Role::Read, None),
    }
}

/// The methods to name in `Allow`: those that change a layer only for whoever may.
pub(in crate::api) fn methods(request: &HttpRequest, all: &'static str) -> String {
    let may_edit = match place_of(request.match_info().as_str()) {
        Place::Collection(layer) => of(request).may(Role::Edit, layer),
        _ => true,
    };
    let named = |method: &&str| may_edit || !["POST", "PUT", "PATCH", "DELETE"].contains(method);
    all.split(", ").filter(named).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::FreshKey;
    use actix_web::http::header::HeaderValue;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn rights(settings: impl FnOnce(&mut Config), keys: Option<Keys>) -> Rights {
        let mut config = Config::default();
        settings(&mut config);
        Rights::new(&config, keys)
    }

    const EDIT: (Role, Option<Layer>) = (Role::Edit, Some(Layer::Probes));

    #[test]
    fn at_loopback_everything_is_allowed_and_elsewhere_nothing_but_reading() {
        let may = |rights: &Rights, pairs: &[(&'static str, &str)]| rights.of(&headers(pairs)).unwrap().may(EDIT.0, EDIT.1);
        let local = rights(|_| {}, None);
        assert!(may(&local, &[]));
        assert!(!may(&local, &[("x-forwarded-for", "203.0.113.9")]), "a proxy stands before it");
        assert!(!may(&rights(|config| config.listen = ([0, 0, 0, 0], 80).into(), None), &[]));
        assert!(!may(&rights(|config| config.public_address = Some("https://peat.example".into()), None), &[]));
        assert!(may(&rights(|config| config.public_address = Some("http://localhost:8080".into()), None), &[]));
        let public = rights(|config| config.listen = ([0, 0, 0, 0], 80).into(), None).of(&headers(&[])).unwrap();
        assert!(public.may(Role::Read, None));
        assert!(public.require(EDIT.0, EDIT.1).unwrap_err().to_string().contains("read-only"));
    }

    #[test]
    fn a_key_opens_what_it_says_and_nothing_else() {
        let one = FreshKey::new("one", Role::Edit, &[Layer::Probes]).unwrap();
        let all = FreshKey::new("all", Role::Admin, &[]).unwrap();
        let keys = Keys::from_toml(&format!("{}{}", one.entry, all.entry)).unwrap();
        let rights = rights(|config| config.reads_need_a_key = true, Some(keys));
        let bearer = format!("bearer {}", one.secret);
        for pairs in [[("x-api-key", one.secret.as_str())], [("authorization", bearer.as_str())]] {
            let access = rights.of(&headers(&pairs)).unwrap();
            assert_eq!(access.who(), "one");
            assert!(access.may(Role::Edit, Some(Layer::Probes)) && access.may(Role::Read, Some(Layer::Probes)));
            assert!(!access.may(Role::Admin, Some(Layer::Probes)) && !access.may(Role::Edit, Some(Layer::Cores)));
            assert!(!access.may(Role::Read, Some(Layer::Cores)) && !access.may(Role::Read, None));
            for (path, passes) in [
                ("/ogc", true),
                ("/ogc/collections/probes/items", true),
                ("/ogc/collections/cores", false),
                ("/reserves/1", false),
                ("/jobs", false),
                ("/health/live", true),
                ("/assets/a.js", true),
                ("/metrics", false),
            ] {
                assert_eq!(check(&access, &Method::GET, path).is_ok(), passes, "{path}");
            }
        }
        assert!(rights.of(&headers(&[("x-api-key", &all.secret)])).unwrap().may(Role::Admin, None));
        assert!(rights.of(&headers(&[("x-api-key", "pp_wrong")])).is_err());
        let nobody = rights.of(&headers(&[("authorization", "Basic abc")])).unwrap();
        assert!(check(&nobody, &Method::GET, "/ogc").is_err() && check(&nobody, &Method::GET, "/").is_ok());
    }

    #[test]
    fn a_change_of_an_unknown_collection_needs_the_whole_project() {
        let one = FreshKey::new("one", Role::Edit, &[Layer::Probes]).unwrap();
        let rights = rights(|_| {}, Some(Keys::from_toml(&one.entry).unwrap()));
        let access = rights.of(&headers(&[("x-api-key", &one.secret)])).unwrap();
        assert!(check(&access, &Method::POST, "/ogc/collections/probes/items").is_ok());
        assert!(check(&access, &Method::POST, "/ogc/collections/Probes/items").is_err());
        assert!(check(&access, &Method::DELETE, "/ogc/collections/prob%65s/items/1").is_err());
        assert!(check(&access, &Method::POST, "/reserves/1").is_ok(), "a computation changes nothing");
    }
}
