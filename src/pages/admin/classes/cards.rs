//! Cards with which pupils sign in for the first time, to print.

use exam_model::format;
use leptos::prelude::*;

use crate::api::classes::{CardsPage as CardsContent, get_cards};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::class::{Card, Class, PupilAccount};
use crate::pages::id_param;

/// The cards of a class.
#[component]
pub fn ClassCardsPage() -> impl IntoView {
    let id = id_param();
    let cards = Resource::new(id, |id| async move { get_cards(Some(id?), None).await });
    view! {
        <Page title="Cards">
            <Load resource=cards view=show/>
        </Page>
    }
}

/// The card of one pupil.
#[component]
pub fn PupilCardPage() -> impl IntoView {
    let id = id_param();
    let cards = Resource::new(id, |id| async move { get_cards(None, Some(id?)).await });
    view! {
        <Page title="Card">
            <Load resource=cards view=show/>
        </Page>
    }
}

fn show(content: CardsContent) -> AnyView {
    let CardsContent { class, pupil, cards } = content;
    let made = cards.map(made);
    match (class, pupil) {
        (Some(class), _) => of_class(class, made),
        (None, Some(pupil)) => of_pupil(pupil, made),
        (None, None) => ().into_any(),
    }
}

const HINT: &str = "A card has the pupil’s name, the name to sign in with, and a code that works once, in the place of a \
                    password. Then the pupil chooses a password. Codes are not kept: print the cards when you make them. New \
                    cards end the codes of earlier ones. Passwords that pupils have chosen stay until they use a new code.";

fn of_class(class: Class, made: Option<AnyView>) -> AnyView {
    let id = class.id;
    let button = move |only_new: bool, number: i64, words: String| {
        (number > 0).then(|| {
            view! {
                <form method="post" action=format!("/admin/classes/{id}/cards")>
                    <input type="hidden" name="only_new" value=only_new.to_string()/>
                    <button class:plain=!only_new>{words}</button>
                </form>
            }
        })
    };
    let new = class.without_password;
    view! {
        <div class="not-printed">
            <h1>{format!("Cards of {}", class.full_name())}</h1>
            <p>{HINT}</p>
            <div class="actions">
                {button(true, new, format!("Make cards for {} without a password", format::count(new, "pupil")))}
                {button(false, class.active, "Make cards for the whole class".to_owned())}
            </div>
            <p><a href=format!("/admin/classes/{id}")>"Back to the class"</a></p>
        </div>
        {made}
    }
    .into_any()
}

fn of_pupil(pupil: PupilAccount, made: Option<AnyView>) -> AnyView {
    let id = pupil.id;
    let form = pupil.is_active.then(|| {
        view! {
            <form method="post" action=format!("/admin/students/{id}/card")>
                <button>"Make a new card"</button>
            </form>
        }
    });
    let off = (!pupil.is_active).then(|| view! { <p>"This account is switched off. Switch it on first."</p> });
    view! {
        <div class="not-printed">
            <h1>{format!("Card of {}", pupil.full_name)}</h1>
            <p>{HINT}</p>
            {off}
            <div class="actions">{form}</div>
            <p><a href=format!("/admin/students/{id}")>"Back to the pupil"</a></p>
        </div>
        {made}
    }
    .into_any()
}

fn made(cards: Vec<Card>) -> AnyView {
    if cards.is_empty() {
        return view! { <p role="status">"Nobody needs a card: everybody has a password."</p> }.into_any();
    }
    let words = format!(
        "{} made. Print this page now, ten to a sheet: the codes are not shown again. Earlier codes of these pupils no longer work.",
        format::count(cards.len() as i64, "card"),
    );
    let cards: Vec<_> = cards.into_iter().map(card).collect();
    view! {
        <p class="not-printed card" role="status">{words}</p>
        <ul class="id-cards">{cards}</ul>
    }
    .into_any()
}

fn card(card: Card) -> AnyView {
    let day = format::day(card.good_until.date_naive());
    view! {
        <li>
            <div class="qr" role="img" aria-label="The sign-in page, for a camera" inner_html=card.picture></div>
            <p class="who"><b>{card.full_name}</b> <span>{card.class}</span></p>
            <dl>
                <dt>"Sign in as"</dt>
                <dd>{card.sign_in_name}</dd>
                <dt>"Code"</dt>
                <dd class="card-code">{card.code}</dd>
            </dl>
            <p class="until">{format!("Works once, until {day}.")}</p>
        </li>
    }
    .into_any()
}
