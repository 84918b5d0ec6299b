//! The program's own sources, parsed.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;
use syn::{Attribute, ItemMod};

/// A source file of the package.
pub(crate) struct Source {
    /// Its path below the repository's root.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) file: syn::File,
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder with this ending.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The sources below a folder.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let path = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        Source { path, text, file }
    };
    files(folder, ".rs").into_iter().map(read).collect()
}

/// The sources of the program, without its unit tests.
pub(crate) fn program() -> Vec<Source> {
    let mut sources = sources("src");
    sources
        .retain(|source| !source.path.contains("/tests/") && !source.path.ends_with("/tests.rs"));
    assert!(sources.len() > 100, "the sources were found");
    sources
}

/// True for `#[cfg(test)]`.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// Visits a source file without its unit tests.
pub(crate) struct WithoutTests<V>(pub(crate) V);

impl<'ast, V: FnMut(Seen<'ast>)> Visit<'ast> for WithoutTests<V> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        used(&item.tree, &mut vec![], &mut |path| (self.0)(Seen::Use(path)));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        (self.0)(Seen::Path(path));
        syn::visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        (self.0)(Seen::Method(&call.method));
        syn::visit::visit_expr_method_call(self, call);
    }
}

/// What a visit comes across.
pub(crate) enum Seen<'ast> {
    /// One path of a `use`.
    Use(Vec<String>),
    /// A path in the code.
    Path(&'ast syn::Path),
    /// The name of a method that is called.
    Method(&'ast syn::Ident),
}

fn used(tree: &syn::UseTree, above: &mut Vec<String>, found: &mut dyn FnMut(Vec<String>)) {
    match tree {
        syn::UseTree::Path(path) => {
            above.push(path.ident.to_string());
            used(&path.tree, above, found);
            above.pop();
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| used(tree, above, found)),
        syn::UseTree::Name(name) => found([above.as_slice(), &[name.ident.to_string()]].concat()),
        syn::UseTree::Rename(name) => found([above.as_slice(), &[name.ident.to_string()]].concat()),
        syn::UseTree::Glob(_) => found(above.clone()),
    }
}

impl Source {
    /// Visits everything but its unit tests.
    pub(crate) fn each(&self, visit: impl FnMut(Seen<'_>)) {
        struct Adapter<V>(V);
        let Adapter(visit) = Adapter(visit);
        WithoutTests(visit).visit_file(&self.file);
    }

    /// Every path that is named, segment by segment.
    pub(crate) fn paths(&self) -> Vec<Vec<String>> {
        let mut paths = vec![];
        self.each(|seen| match seen {
            Seen::Use(path) => paths.push(path),
            Seen::Path(path) => {
                paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
            }
            Seen::Method(_) => {}
        });
        paths
    }

    /// True if some method of this name is called.
    pub(crate) fn calls(&self, name: &str) -> bool {
        let mut found = false;
        self.each(|seen| found |= matches!(seen, Seen::Method(method) if method == name));
        found
    }

    /// The module below `src`, or the part of one that has rules of its own.
    pub(crate) fn module(&self) -> &str {
        if self.path.starts_with("src/web/dashboard/") {
            return "dashboard";
        }
        let below = self.path.strip_prefix("src/").unwrap();
        below.split(['/', '.']).next().unwrap()
    }
}
