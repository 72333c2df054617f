#include "http/pages.hpp"

#include <Poco/URI.h>

#include "http/problem.hpp"
#include "http/web_files.hpp"

namespace crm::sample {
namespace {

constexpr int kLanguageSeconds = 365 * 24 * 3600;

bool is_language(std::string_view text) {
    return text == "en" || text == "sl";
}

// ?lang= wins and is remembered; then the cookie; then what the browser prefers.
std::string language_of(Exchange& exchange) {
    if (const auto wanted = exchange.query("lang"); wanted && is_language(*wanted)) {
        exchange.set_cookie(kLanguageCookie, *wanted, kLanguageSeconds, false);
        return *wanted;
    }
    if (const std::string kept = exchange.cookie(kLanguageCookie); is_language(kept)) return kept;
    return exchange.header("Accept-Language").starts_with("sl") ? "sl" : "en";
}

void send_page(Exchange& exchange, std::string_view name) {
    std::string page(web_file(name));
    const std::string language = language_of(exchange);
    constexpr std::string_view kPlace = "{{lang}}";
    for (std::size_t at = page.find(kPlace); at != std::string::npos; at = page.find(kPlace, at)) {
        page.replace(at, kPlace.size(), language);
    }
    exchange.send(200, "text/html; charset=utf-8", page);
}

std::string content_type(std::string_view name) {
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    return "application/octet-stream";
}

}  // namespace

void Pages::mount(Router& router) {
    for (const char* path :
         {"/contacts", "/contacts/{id}", "/products", "/products/{id}", "/invoices", "/invoices/{id}",
          "/inventory", "/inventory/{id}", "/settings/plugins", "/settings/integrations/*"}) {
        router.add("GET", path, kAnybody, &Pages::shell);
    }
    router.add("GET", "/", kAnybody,
               [](Exchange& exchange) { exchange.redirect(exchange.identity() ? "/contacts" : "/login"); });
    router.add("GET", "/settings", kAnybody,
               [](Exchange& exchange) { exchange.redirect("/settings/plugins"); });
    router.add("GET", "/login", kAnybody, &Pages::login);
    router.add("GET", "/favicon.ico", kAnybody,
               [](Exchange& exchange) { exchange.send(200, "image/svg+xml", web_file("icon.svg")); });
    router.add("GET", "/web/{name}", kAnybody, &Pages::file);
}

void Pages::shell(Exchange& exchange) {
    if (exchange.identity()) {
        send_page(exchange, "app.html");
        return;
    }
    std::string back;
    Poco::URI::encode(exchange.path(), "?&=#+", back);
    exchange.redirect("/login?next=" + back);
}

void Pages::login(Exchange& exchange) {
    send_page(exchange, "login.html");
}

void Pages::file(Exchange& exchange) {
    const std::string& name = exchange.parameter(0);
    const std::string_view text = web_file(name);
    if (text.empty() || name.ends_with(".html")) throw Problem(404, "there is no such file");
    exchange.set_header("Cache-Control", "no-cache");
    exchange.send(200, content_type(name), text);
}

}  // namespace crm::sample
