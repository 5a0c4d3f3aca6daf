//! A server's variables.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};

use super::error::{RhaiResult, wrong};
use super::log::LogValue;
use super::value::{is_storable, kind, unstorable};

/// A server's variables while a turn is taken: one object wherever a program passes it.
#[derive(Clone, Debug)]
pub(super) struct Me(Rc<RefCell<Map>>);

impl Me {
    pub(super) fn new(variables: Map) -> Self {
        Self(Rc::new(RefCell::new(variables)))
    }

    /// A copy of the variables as they are now.
    pub(super) fn variables(&self) -> Map {
        self.with(Map::clone)
    }

    /// Looks at the variables.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Map) -> T) -> T {
        look(&self.0.borrow())
    }

    /// The variables; a program that keeps `me` in itself loses that.
    pub(super) fn take(&self) -> Map {
        std::mem::take(&mut *self.0.borrow_mut())
    }

    fn get(&mut self, name: ImmutableString) -> RhaiResult<Dynamic> {
        match self.0.borrow().get(name.as_str()) {
            Some(value) => Ok(value.clone()),
            None => wrong(format!("`me` has no variable `{name}` yet")),
        }
    }

    fn set(&mut self, name: ImmutableString, value: Dynamic) -> RhaiResult<()> {
        if !is_storable(&value) {
            return wrong(unstorable(&name, kind(&value)));
        }
        let value = match (name.as_str(), value.flatten()) {
            ("log", value) if value.is_array() => {
                Dynamic::from(LogValue::from_array(&array(value))?)
            }
            (_, value) => value,
        };
        self.0.borrow_mut().insert(name.as_str().into(), value);
        Ok(())
    }

    fn contains(&mut self, name: ImmutableString) -> bool {
        self.0.borrow().contains_key(name.as_str())
    }
}

fn array(value: Dynamic) -> Array {
    value.into_array().unwrap_or_default()
}

pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Me>("server")
        .register_indexer_get_set(Me::get, Me::set)
        // `"x" in me`
        .register_fn("contains", Me::contains);
}
