//! Files have one subject and functions fit a screen.

use syn::spanned::Spanned;
use syn::visit::Visit;

use super::code::{Source, sources};

/// Aim at 60 to 200 lines; above this a file has more than one subject.
const MAX_FILE: usize = 360;
/// A screen.
const MAX_FUNCTION: usize = 70;

fn all() -> Vec<Source> {
    ["src", "tests", "regtest/src", "regtest/tests"].into_iter().flat_map(sources).collect()
}

#[test]
fn files_are_not_longer_than_one_subject() {
    let long: Vec<_> = all()
        .iter()
        .map(|source| (source.text.lines().count(), source.path.clone()))
        .filter(|(lines, _)| *lines > MAX_FILE)
        .collect();
    assert_eq!(long, Vec::new());
}

#[test]
fn functions_fit_a_screen() {
    struct Long(Vec<(usize, String)>);
    impl Long {
        fn note(&mut self, name: &syn::Ident, body: &syn::Block) {
            let lines = body.span().end().line - name.span().start().line + 1;
            if lines > MAX_FUNCTION {
                self.0.push((lines, name.to_string()));
            }
        }
    }
    impl<'ast> Visit<'ast> for Long {
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            self.note(&item.sig.ident, &item.block);
            syn::visit::visit_item_fn(self, item);
        }
        fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
            self.note(&item.sig.ident, &item.block);
            syn::visit::visit_impl_item_fn(self, item);
        }
    }
    let mut long = vec![];
    for source in all() {
        let mut found = Long(vec![]);
        found.visit_file(&source.file);
        long.extend(
            found
                .0
                .into_iter()
                .map(|(lines, name)| format!("{}: {name}, {lines} lines", source.path)),
        );
    }
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_file_says_what_it_is_about() {
    let silent: Vec<_> = all()
        .into_iter()
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| source.path)
        .filter(|path| !path.ends_with("/tests.rs") && !path.contains("/tests/"))
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}
