//! What a person does on a page: looks for things, clicks, types, chooses. Elements are named by CSS selectors.

use serde_json::{Value, json};

use super::{Browser, PAGE_DEADLINE};
use crate::until::eventually;

/// The name by which WebDriver knows elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    fn try_find(&self, css: &str) -> Result<String, String> {
        let wanted = json!({"using": "css selector", "value": css});
        let found = self.driver.ask("POST", "/element", wanted)?;
        found[ELEMENT].as_str().map(str::to_owned).ok_or_else(|| found.to_string())
    }

    /// Does something with an element as soon as that works: it may not be there yet, be covered, or be replaced.
    #[track_caller]
    fn act(&self, what: &str, css: &str, act: impl Fn(&str) -> Result<Value, String>) -> Value {
        eventually(&format!("{css} to {what};"), PAGE_DEADLINE, || act(&self.try_find(css)?))
    }

    /// Waits for an element.
    #[track_caller]
    pub fn wait(&self, css: &str) {
        self.act("be there", css, |_| Ok(Value::Null));
    }

    /// Waits for an element that can be seen.
    #[track_caller]
    pub fn wait_visible(&self, css: &str) {
        self.act("be seen", css, |element| {
            let path = format!("/element/{element}/displayed");
            let is_seen = self.driver.ask("GET", &path, Value::Null)?;
            if is_seen == true { Ok(is_seen) } else { Err("it is hidden".into()) }
        });
    }

    /// Waits until there is no such element, or none that can be seen.
    #[track_caller]
    pub fn wait_gone(&self, css: &str) {
        eventually(&format!("{css} to go;"), PAGE_DEADLINE, || {
            if self.is_visible(css) { Err("it is still there".to_owned()) } else { Ok(()) }
        });
    }

    /// True if there is such an element, and it can be seen.
    pub fn is_visible(&self, css: &str) -> bool {
        let seen = self.try_find(css).and_then(|element| {
            self.driver.ask("GET", &format!("/element/{element}/displayed"), Value::Null)
        });
        seen == Ok(Value::Bool(true))
    }

    /// How many such elements there are.
    pub fn count(&self, css: &str) -> usize {
        let wanted = json!({"using": "css selector", "value": css});
        let found = self.driver.tell("POST", "/elements", wanted);
        found.as_array().map_or(0, Vec::len)
    }

    /// Clicks, as soon as that is possible.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let click = |element: &str| {
            self.driver.ask("POST", &format!("/element/{element}/click"), json!({}))
        };
        self.act("be clicked", css, click);
    }

    /// Types into a field, after what is there.
    #[track_caller]
    pub fn type_in(&self, css: &str, text: &str) {
        let value = json!({ "text": text });
        self.act("be typed in", css, |element| {
            self.driver.ask("POST", &format!("/element/{element}/value"), value.clone())
        });
    }

    /// Empties a field, and types into it.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        self.act("be emptied", css, |element| {
            self.driver.ask("POST", &format!("/element/{element}/clear"), json!({}))
        });
        self.type_in(css, text);
    }

    /// Chooses an option of a `select` by its value.
    #[track_caller]
    pub fn choose(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value=\"{value}\"]"));
    }

    /// What can be read in an element.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let read = |element: &str| {
            self.driver.ask("GET", &format!("/element/{element}/text"), Value::Null)
        };
        super::text(self.act("be read", css, read))
    }

    /// Waits until an element's text holds these words.
    #[track_caller]
    pub fn wait_text(&self, css: &str, words: &str) {
        self.act(&format!("say {words:?}"), css, |element| {
            let text = self.driver.ask("GET", &format!("/element/{element}/text"), Value::Null)?;
            let holds = text.as_str().is_some_and(|text| text.contains(words));
            if holds { Ok(text) } else { Err(format!("it says {text}")) }
        });
    }

    /// An attribute of an element; empty if it has none.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> String {
        let read = |element: &str| {
            self.driver.ask("GET", &format!("/element/{element}/attribute/{name}"), Value::Null)
        };
        super::text(self.act("be there", css, read))
    }

    /// A property of an element as scripts see it: `value`, `checked`, `disabled`…
    #[track_caller]
    pub fn property(&self, css: &str, name: &str) -> Value {
        self.act("be there", css, |element| {
            self.driver.ask("GET", &format!("/element/{element}/property/{name}"), Value::Null)
        })
    }

    /// A picture of one element.
    #[track_caller]
    pub fn screenshot_of(&self, css: &str) -> Vec<u8> {
        let shot = |element: &str| {
            self.driver.ask("GET", &format!("/element/{element}/screenshot"), Value::Null)
        };
        super::picture::decoded(&self.act("be seen", css, shot))
    }

    /// True if the page is wider than what can be seen of it.
    pub fn overflows(&self) -> bool {
        let script = "return document.documentElement.scrollWidth > window.innerWidth;";
        self.run(script, &[]) == true
    }
}
