//! Values that are bound to a query.

use std::borrow::Cow;

/// A value in one of the four types of columns. An absent one keeps its type, which PostgreSQL wants to know.
#[derive(Debug, Clone)]
pub(crate) enum Value<'q> {
    Integer(Option<i64>),
    Real(Option<f64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
}

/// What can be bound.
pub(crate) trait Bind<'q> {
    /// Nothing, of this type.
    const NONE: Value<'q>;

    fn value(self) -> Value<'q>;
}

macro_rules! bound_as {
    ($variant:ident: $($from:ty => $value:expr),+ $(,)?) => {$(
        impl<'q> Bind<'q> for $from {
            const NONE: Value<'q> = Value::$variant(None);

            fn value(self) -> Value<'q> {
                let into: fn(Self) -> _ = $value;
                Value::$variant(Some(into(self)))
            }
        }
    )+};
}

bound_as!(Integer:
    i64 => |number| number,
    i32 => i64::from,
    u32 => i64::from,
    u16 => i64::from,
    bool => i64::from,
);
bound_as!(Real:
    f64 => |number| number,
    f32 => f64::from,
);
bound_as!(Text:
    &'q str => Cow::Borrowed,
    &'q String => |text| Cow::Borrowed(text.as_str()),
    String => Cow::Owned,
);
bound_as!(Bytes:
    &'q [u8] => Cow::Borrowed,
    &'q Vec<u8> => |bytes| Cow::Borrowed(bytes.as_slice()),
    Vec<u8> => Cow::Owned,
);

impl<'q> Bind<'q> for Value<'q> {
    const NONE: Value<'q> = Value::Text(None);

    fn value(self) -> Value<'q> {
        self
    }
}

impl<'q, T: Bind<'q>> Bind<'q> for Option<T> {
    const NONE: Value<'q> = T::NONE;

    fn value(self) -> Value<'q> {
        self.map_or(T::NONE, T::value)
    }
}

impl<'q> Bind<'q> for &'q Option<String> {
    const NONE: Value<'q> = Value::Text(None);

    fn value(self) -> Value<'q> {
        self.as_deref().value()
    }
}
