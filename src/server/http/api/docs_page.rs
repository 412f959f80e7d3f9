//! The API's description as a page without scripts, generated from the OpenAPI description.

use std::fmt::Write;

use html_escape::encode_quoted_attribute as escape;
use serde_json::Value;
use utoipa::openapi::OpenApi;

/// The page.
pub fn page(description: &OpenApi) -> String {
    let description = serde_json::to_value(description).unwrap_or_default();
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Exam Prep: the API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head><body><main><h1>The API</h1>\
         <p>All paths start with <code>/api</code>, with or without a slash at the end. Send the token from \
         <code>POST /api/users/login</code> as <code>Authorization: Bearer …</code>. Errors are problem documents with \
         <code>detail</code>. A <code>POST</code> with an <code>Idempotency-Key</code> is done once, however often it is \
          sent. A <code>GET</code> with <code>If-None-Match</code> gets 304 if nothing has changed. \
         For programs: <a href=\"/api/openapi.json\">openapi.json</a>.</p>",
    );
    for (path, methods) in description["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            route(&mut out, path, method, operation);
        }
    }
    out.push_str("<h2>Types</h2>");
    for (name, schema) in description["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(out, "<h3 id=\"{0}\">{0}</h3>{1}", escape(name), fields(schema));
    }
    out.push_str("</main></body></html>");
    out
}

fn route(out: &mut String, path: &str, method: &str, operation: &Value) {
    let words = operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default();
    let _ =
        write!(out, "<h2><code>{} /api{}</code></h2><p>{}</p><ul>", method.to_uppercase(), escape(path), escape(words));
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (parameter["name"].as_str(), parameter["in"].as_str());
        let words = parameter["description"].as_str().unwrap_or_default();
        let _ = write!(
            out,
            "<li><code>{}</code> ({}) {}</li>",
            escape(name.unwrap_or_default()),
            escape(place.unwrap_or_default()),
            escape(words)
        );
    }
    for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
        let _ = write!(out, "<li>takes {} as <code>{}</code></li>", name_of(&content["schema"]), escape(kind));
    }
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let content = answer["content"].as_object().and_then(|content| content.values().next());
        let schema = content.map(|content| name_of(&content["schema"])).unwrap_or_default();
        let _ = write!(out, "<li>{} {schema}</li>", escape(status));
    }
    out.push_str("</ul>");
}

/// The fields of a type, with nested ones.
fn fields(schema: &Value) -> String {
    let mut out = String::from("<ul>");
    for part in std::iter::once(schema).chain(schema["allOf"].as_array().into_iter().flatten()) {
        if part["$ref"].is_string() {
            let _ = write!(out, "<li>all of {}</li>", name_of(part));
        }
        for (name, field) in part["properties"].as_object().into_iter().flatten() {
            let words = field["description"].as_str().unwrap_or_default();
            let _ = write!(out, "<li><code>{}</code> {} {}</li>", escape(name), name_of(field), escape(words));
        }
    }
    out.push_str("</ul>");
    out
}

/// A type in a word, as a link if it has a name.
fn name_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escape(name));
    }
    if schema["items"].is_object() {
        return format!("list of {}", name_of(&schema["items"]));
    }
    let one_of = schema["oneOf"].as_array().into_iter().flatten().find(|one| one["type"] != "null");
    match (one_of, &schema["type"]) {
        (Some(one), _) => name_of(one),
        (_, Value::String(word)) => escape(word).into_owned(),
        (_, Value::Array(words)) => {
            escape(words.iter().filter_map(Value::as_str).next().unwrap_or_default()).into_owned()
        }
        _ => String::new(),
    }
}
