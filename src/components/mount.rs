//! Mounting components. Yew's own elements, `<Logs page={page} />`, compile its whole life
//! cycle for each component; mounted by `mount`, all components share one.

use std::any::{Any, type_name};
use std::rc::Rc;

use yew::functional::{FunctionProvider, Hook, HookContext};
use yew::html::HtmlResult;
use yew::prelude::*;
use yew::virtual_dom::Key;

/// A component, which keeps its state as long as it is mounted in the same place.
pub(super) fn mount<C: FunctionProvider + 'static>(props: C::Properties) -> Html {
    // Another component in the same place has other hooks.
    mount_as::<C>(type_name::<C>().into(), props)
}

/// The component that this key stands for in a list.
pub(super) fn mount_as<C: FunctionProvider + 'static>(key: Key, props: C::Properties) -> Html {
    let what: Rc<dyn Mounted> = Rc::new(Of::<C>(props));
    html! { <Mount {key} {what} /> }
}

/// A component with its properties.
trait Mounted: Any {
    fn is_same(&self, other: &dyn Any) -> bool;
    fn run(&self, context: &mut HookContext) -> HtmlResult;
}

struct Of<C: FunctionProvider>(C::Properties);

impl<C: FunctionProvider + 'static> Mounted for Of<C> {
    fn is_same(&self, other: &dyn Any) -> bool {
        let other = other.downcast_ref::<Self>();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn run(&self, context: &mut HookContext) -> HtmlResult {
        C::run(context, &self.0)
    }
}

#[derive(Properties)]
struct MountProps {
    what: Rc<dyn Mounted>,
}

impl PartialEq for MountProps {
    fn eq(&self, other: &Self) -> bool {
        self.what.is_same(&*other.what)
    }
}

#[component]
fn Mount(props: &MountProps) -> HtmlResult {
    use_mounted(&*props.what)
}

fn use_mounted(what: &dyn Mounted) -> impl Hook<Output = HtmlResult> {
    struct Run<'a>(&'a dyn Mounted);
    impl Hook for Run<'_> {
        type Output = HtmlResult;

        fn run(self, context: &mut HookContext) -> HtmlResult {
            self.0.run(context)
        }
    }
    Run(what)
}
