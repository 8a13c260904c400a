//! Embedded properties of the console's objects, by name.

/// Embedded properties that were kept.
#[derive(Clone, Debug, Default)]
pub struct Properties(pub(super) Vec<Property>);

/// An embedded property.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) number: Option<i64>,
    pub(super) text: Option<String>,
}

impl Properties {
    /// The `Value` of one, in any case.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.find(name)?.number
    }

    /// The `Value1` of one; `None` too where it is empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.find(name)?.text.as_deref()
    }

    fn find(&self, name: &str) -> Option<&Property> {
        self.0.iter().find(|one| one.name.eq_ignore_ascii_case(name))
    }
}
