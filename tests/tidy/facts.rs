//! Each of the ten facts about the node library is answered by a line of code that names it.

use super::code::program;

#[test]
fn each_of_the_ten_facts_is_named_where_it_is_answered() {
    let sources = program();
    let named = |number: u32| {
        let name = format!("fact {number}");
        sources.iter().any(|source| {
            let text = source.text.to_lowercase();
            text.match_indices(&name).any(|(at, _)| {
                let after = text.as_bytes().get(at + name.len());
                after.is_none_or(|byte| !byte.is_ascii_digit())
            })
        })
    };
    let missing: Vec<_> = (1..=10).filter(|number| !named(*number)).collect();
    assert_eq!(missing, Vec::<u32>::new());
}
