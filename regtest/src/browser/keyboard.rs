//! A keyboard and nothing else.

use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Presses a key, with others held down before it: `Tab`, `Shift+Tab`, `Enter`, `Space`, `Escape`, `ArrowDown`, or a
    /// letter.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let keys: Vec<String> = keys.split('+').map(code).collect();
        let down = keys.iter().map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys.iter().rev().map(|key| json!({"type": "keyUp", "value": key}));
        self.act_keys(down.chain(up).collect());
    }

    /// Types a text into whatever has the focus.
    #[track_caller]
    pub fn type_keys(&self, text: &str) {
        let stroke = |letter: char| {
            ["keyDown", "keyUp"].map(|act| json!({"type": act, "value": letter.to_string()}))
        };
        self.act_keys(text.chars().flat_map(stroke).collect());
    }

    #[track_caller]
    fn act_keys(&self, actions: Vec<Value>) {
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.driver.tell("POST", "/actions", json!({"actions": [keyboard]}));
    }

    /// Goes on with Tab until an element that fits has the focus; panics after a round without it.
    #[track_caller]
    pub fn tab_to(&self, css: &str) {
        let has_focus = || {
            let script =
                "return !!document.activeElement && document.activeElement.matches(arguments[0]);";
            self.run(script, &[json!(css)]) == true
        };
        for _ in 0..200 {
            if has_focus() {
                return;
            }
            self.press("Tab");
        }
        panic!("{css} cannot be reached by Tab on {}", self.url());
    }

    /// What has the focus: its tag, its id and what it is called.
    pub fn focused(&self) -> String {
        let script = "const at = document.activeElement; if (!at) return 'nothing';
            return [at.tagName.toLowerCase(), at.id, at.getAttribute('aria-label') || at.textContent.trim().slice(0, 60)]
                .filter(Boolean).join(' ');";
        super::text(self.run(script, &[]))
    }
}

/// WebDriver's code of a key.
fn code(key: &str) -> String {
    let code = match key {
        "Tab" => '\u{E004}',
        "Enter" => '\u{E007}',
        "Shift" => '\u{E008}',
        "Control" => '\u{E009}',
        "Escape" => '\u{E00C}',
        "Space" => ' ',
        "End" => '\u{E010}',
        "Home" => '\u{E011}',
        "ArrowLeft" => '\u{E012}',
        "ArrowUp" => '\u{E013}',
        "ArrowRight" => '\u{E014}',
        "ArrowDown" => '\u{E015}',
        letter => return letter.to_owned(),
    };
    code.to_string()
}
