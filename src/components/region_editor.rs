//! A page of a document with boxes that can be moved, resized and drawn.

use exam_model::paper::PageSize;
use exam_model::question::Region;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;
use web_sys::Element;

use crate::components::document::page_picture;

/// The smallest width and height of a box, in points.
const SMALLEST: f32 = 8.0;

/// What the pointer is dragging: the box, where the drag started, and the box as it was then.
#[derive(Clone, Copy)]
struct Hold {
    at: usize,
    corner: Corner,
    from: (f64, f64),
    was: Region,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Corner {
    /// The box as a whole.
    None,
    First,
    Last,
}

/// The picture of a page with the boxes on it. Clicking one of the `spots`, the places of items by path, chooses it. While
/// `drawing` holds something, dragging draws a box into it.
#[component]
pub fn Sheet(
    document: Uuid,
    page: u32,
    size: PageSize,
    boxes: RwSignal<Vec<Region>>,
    spots: Vec<(String, Region)>,
    choose: fn(&str),
    drawing: RwSignal<Option<Region>>,
) -> impl IntoView {
    let held = RwSignal::new(None::<Hold>);
    let here = Memo::new(move |_| {
        boxes.with(|boxes| boxes.iter().enumerate().filter(|(_, b)| b.page == page).map(|(n, _)| n).collect::<Vec<_>>())
    });
    let drag = move |event: PointerEvent| {
        let Some(hold) = held.get_untracked() else { return };
        let Some((_, scale)) = frame(&event, size) else { return };
        let by = |now: i32, then: f64| ((f64::from(now) - then) * scale) as f32;
        let moved = moved(hold, by(event.client_x(), hold.from.0), by(event.client_y(), hold.from.1), size);
        boxes.update(|boxes| {
            if let Some(region) = boxes.get_mut(hold.at) {
                *region = moved;
            }
        });
    };
    let one = move |at: usize| {
        let region = move || boxes.with(|boxes| boxes.get(at).copied());
        let take = move |corner: Corner| {
            move |event: PointerEvent| {
                let Some(was) = region() else { return };
                event.prevent_default();
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                // The drag continues outside the picture.
                let _ = target.map(|target| target.set_pointer_capture(event.pointer_id()));
                held.set(Some(Hold { at, corner, from: (event.client_x().into(), event.client_y().into()), was }));
            }
        };
        let value = move |of: fn(Region) -> f32| move || region().map(of).unwrap_or_default().to_string();
        view! {
            <rect
                class="box"
                x=value(|r| r.x)
                y=value(|r| r.y)
                width=value(|r| r.width)
                height=value(|r| r.height)
                on:pointerdown=take(Corner::None)
            ></rect>
            <circle class="grip" r="7" cx=value(|r| r.x) cy=value(|r| r.y) on:pointerdown=take(Corner::First)></circle>
            <circle
                class="grip"
                r="7"
                cx=value(|r| r.x + r.width)
                cy=value(|r| r.y + r.height)
                on:pointerdown=take(Corner::Last)
            ></circle>
        }
    };
    let spots: Vec<_> = spots
        .into_iter()
        .map(|(path, Region { x, y, width, height, .. })| {
            view! { <rect class="spot" x=x y=y width=width height=height on:click=move |_| choose(&path)></rect> }
        })
        .collect();
    let (src, srcset) = page_picture(document, page);
    view! {
        <div class="sheet">
            <img
                src=src
                srcset=srcset
                sizes="(min-width: 68rem) 50vw, 100vw"
                alt=format!("Page {page}")
                loading="lazy"
                width=size.width as u32
                height=size.height as u32
            />
            <svg
                viewBox=format!("0 0 {} {}", size.width, size.height)
                aria-hidden="true"
                on:pointermove=drag
                on:pointerup=move |_| held.set(None)
                on:pointercancel=move |_| held.set(None)
            >
                {spots}
                <For each=move || here.get() key=|at| *at children=one/>
            </svg>
            {move || drawing.with(Option::is_some).then(|| view! { <Canvas page size drawing/> })}
        </div>
    }
}

/// A layer above a page on which a box is drawn.
#[component]
fn Canvas(page: u32, size: PageSize, drawing: RwSignal<Option<Region>>) -> impl IntoView {
    let corner = RwSignal::new(None::<(f32, f32)>);
    let point = move |event: &PointerEvent| {
        let (area, scale) = frame(event, size)?;
        let at = |client: i32, start: f64| ((f64::from(client) - start) * scale) as f32;
        Some((at(event.client_x(), area.left()), at(event.client_y(), area.top())))
    };
    let start = move |event: PointerEvent| {
        event.prevent_default();
        corner.set(point(&event));
    };
    let drag = move |event: PointerEvent| {
        let (Some((ax, ay)), Some((bx, by))) = (corner.get_untracked(), point(&event)) else { return };
        let (width, height) = ((ax - bx).abs().max(SMALLEST), (ay - by).abs().max(SMALLEST));
        drawing.set(Some(Region { page, x: ax.min(bx).max(0.0), y: ay.min(by).max(0.0), width, height }));
    };
    let drawn = move || drawing.get().filter(|region| region.page == page);
    let value = move |of: fn(Region) -> f32| move || drawn().map(of).unwrap_or_default().to_string();
    view! {
        <svg
            class="canvas"
            viewBox=format!("0 0 {} {}", size.width, size.height)
            aria-hidden="true"
            on:pointerdown=start
            on:pointermove=drag
            on:pointerup=move |_| corner.set(None)
            on:pointercancel=move |_| corner.set(None)
        >
            <rect class="box" x=value(|r| r.x) y=value(|r| r.y) width=value(|r| r.width) height=value(|r| r.height)></rect>
        </svg>
    }
}

/// The area of the picture under the pointer in the window, and how many points of the page a pixel of it is.
fn frame(event: &PointerEvent, size: PageSize) -> Option<(web_sys::DomRect, f64)> {
    let picture = event.current_target()?.dyn_into::<Element>().ok()?;
    let area = picture.get_bounding_client_rect();
    (area.width() > 0.0).then(|| (area.clone(), f64::from(size.width) / area.width()))
}

/// The box, moved or resized by `dx` and `dy` points within the page.
fn moved(Hold { corner, was, .. }: Hold, dx: f32, dy: f32, size: PageSize) -> Region {
    let Region { page, x, y, width, height } = was;
    // For one axis: where the box starts and how long it is.
    let axis = |from: f32, length: f32, by: f32, whole: f32| match corner {
        Corner::None => ((from + by).clamp(0.0, (whole - length).max(0.0)), length),
        Corner::First => {
            let to = from + length;
            let from = (from + by).clamp(0.0, (to - SMALLEST).max(0.0));
            (from, to - from)
        }
        Corner::Last => (from, (length + by).clamp(SMALLEST, (whole - from).max(SMALLEST))),
    };
    let ((x, width), (y, height)) = (axis(x, width, dx, size.width), axis(y, height, dy, size.height));
    Region { page, x, y, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_stays_on_its_page_and_keeps_a_size() {
        let size = PageSize { width: 100.0, height: 200.0 };
        let was = Region { page: 1, x: 10.0, y: 20.0, width: 30.0, height: 40.0 };
        let drag = |corner, dx, dy| {
            let Region { x, y, width, height, .. } = moved(Hold { at: 0, corner, from: (0.0, 0.0), was }, dx, dy, size);
            [x, y, width, height]
        };
        assert_eq!(drag(Corner::None, 5.0, -5.0), [15.0, 15.0, 30.0, 40.0]);
        assert_eq!(drag(Corner::None, 500.0, 500.0), [70.0, 160.0, 30.0, 40.0]);
        assert_eq!(drag(Corner::First, -50.0, 5.0), [0.0, 25.0, 40.0, 35.0]);
        assert_eq!(drag(Corner::First, 500.0, 500.0), [32.0, 52.0, 8.0, 8.0]);
        assert_eq!(drag(Corner::Last, 500.0, -500.0), [10.0, 20.0, 90.0, 8.0]);
    }
}
