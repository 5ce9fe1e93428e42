//! What a page loads with itself.
//!
//! All pages have one type of resource, whatever they load, so that the browser's part holds the code of resources
//! once and not once a page.

use std::{any::Any, convert::Infallible, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{
    prelude::*,
    reactive::computed::ArcMemo,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// What a page loads with itself: the server sends it along, and the browser asks anew when its source changes.
pub struct PageData<T> {
    loaded: Resource<Held, AsJson>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for PageData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PageData<T> {}

impl<T> PageData<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    /// Loads by `load` what `source` says, now and whenever that is another. The answer of the server waits for it.
    pub fn new<S, Loading>(
        source: impl Fn() -> S + Send + Sync + 'static,
        load: impl Fn(S) -> Loading + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        Loading: Future<Output = Result<T>> + Send + 'static,
    {
        let source: Box<dyn Fn() -> S + Send + Sync> = Box::new(source);
        let source = ArcMemo::new(move |_| source());
        let read = source.clone();
        Self {
            loaded: held(
                // It is read at once: later what it reads may be gone.
                Box::new(move || source.with(|_| ())),
                Box::new(move || {
                    let loading = load(read.get_untracked());
                    Box::pin(async move { Held::value(loading.await) })
                }),
            ),
            of: PhantomData,
        }
    }

    /// Waits for what is loaded.
    pub async fn get(self) -> Result<T> {
        self.loaded.await.take()
    }

    /// Loads it once more.
    pub fn refetch(self) {
        self.loaded.refetch();
    }
}

type Load = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Held> + Send>> + Send + Sync>;

fn held(follow: Box<dyn Fn() + Send + Sync>, load: Load) -> Resource<Held, AsJson> {
    // Each time that what it follows is another counts as another source.
    let times = ArcStoredValue::new(0_usize);
    let source = move || {
        follow();
        times.update_value(|times| *times += 1);
        times.get_value()
    };
    Resource::new_with_options(source, move |_| load(), true)
}

/// Something that was loaded: the value, or the text of it that came with the page.
#[derive(Clone)]
enum Held {
    Value {
        value: Arc<dyn Any + Send + Sync>,
        #[cfg(feature = "ssr")]
        encode: fn(&dyn Any) -> serde_json::Result<String>,
    },
    Text(Arc<str>),
}

impl Held {
    fn value<T: Serialize + Send + Sync + 'static>(value: Result<T>) -> Self {
        Self::Value {
            value: Arc::new(value),
            #[cfg(feature = "ssr")]
            encode: |value| serde_json::to_string(&value.downcast_ref::<Result<T>>()),
        }
    }

    fn take<T: DeserializeOwned + Clone + 'static>(self) -> Result<T> {
        let found = match &self {
            Self::Value { value, .. } => value.downcast_ref::<Result<T>>().cloned(),
            // By bytes, as the answers of server functions are read: the same code does for both.
            Self::Text(text) => serde_json::from_slice(text.as_bytes()).ok(),
        };
        found.unwrap_or_else(|| Err(Error::internal()))
    }
}

/// How it travels with the page.
struct AsJson;

impl Encoder<Held> for AsJson {
    type Error = serde_json::Error;
    type Encoded = String;

    #[cfg(feature = "ssr")]
    fn encode(held: &Held) -> serde_json::Result<String> {
        match held {
            Held::Value { value, encode } => encode(value.as_ref()),
            Held::Text(text) => Ok(text.to_string()),
        }
    }

    /// The browser sends nothing along.
    #[cfg(not(feature = "ssr"))]
    fn encode(_: &Held) -> serde_json::Result<String> {
        Ok(String::new())
    }
}

impl Decoder<Held> for AsJson {
    type Error = Infallible;
    type Encoded = str;

    fn decode(text: &str) -> std::result::Result<Held, Infallible> {
        Ok(Held::Text(text.into()))
    }
}
