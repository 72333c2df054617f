#include "routes/credentials.hpp"

#include <algorithm>
#include <stdexcept>

#include "routes/asked.hpp"
#include "routes/rendering.hpp"

namespace metakocka::routes {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxText = 500;
constexpr std::size_t kMaxCertificate = 64UL * 1024;

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

json::object CredentialsRoutes::shown() {
    const auto stored = services_.credentials.get();
    if (!stored) {
        return {{"configured", false},   {"companyId", nullptr}, {"baseUrl", services_.default_base_url},
                {"setAt", nullptr},      {"ageDays", nullptr},   {"caCertificate", false},
                {"webhookSecret", false}};
    }
    return {{"configured", true},
            {"companyId", stored->company_id},
            {"baseUrl", stored->base_url},
            {"setAt", to_json_time(stored->set_at)},
            {"ageDays", (services_.clock.now() - stored->set_at) / sync::kDay},
            {"caCertificate", stored->ca_certificate.has_value()},
            {"webhookSecret", stored->webhook_secret.has_value()}};
}

vault::Credentials CredentialsRoutes::read(const json::value& body) {
    std::vector<FieldError> errors;
    vault::Credentials credentials;
    credentials.base_url = services_.default_base_url;
    if (!body.is_object()) refuse("", "must be an object");
    for (const auto& entry : body.as_object()) {
        const std::string name(entry.key());
        const bool optional = name == "baseUrl" || name == "caCertificate" || name == "webhookSecret";
        if (!optional && name != "companyId" && name != "secretKey") {
            errors.push_back({name, "is not known here"});
            continue;
        }
        if (entry.value().is_null() && optional) continue;
        if (!entry.value().is_string()) {
            errors.push_back({name, "must be a text"});
            continue;
        }
        const std::string text(entry.value().as_string());
        if (text.empty() && optional) continue;
        const bool certificate = name == "caCertificate";
        if (text.size() > (certificate ? kMaxCertificate : kMaxText)) {
            errors.push_back({name, "is too long"});
        } else if (!certificate && has_control_character(text)) {
            errors.push_back({name, "holds a control character; was it copied with a line break?"});
        } else if (name == "companyId") {
            credentials.company_id = text;
        } else if (name == "secretKey") {
            credentials.secret_key = text;
        } else if (name == "baseUrl" || certificate) {
            try {
                (certificate ? services_.check_certificate : services_.check_base_url)(text);
            } catch (const std::invalid_argument& error) {
                errors.push_back({name, error.what()});
                continue;
            }
            if (certificate) {
                credentials.ca_certificate = text;
            } else {
                credentials.base_url = text;
            }
        } else {
            credentials.webhook_secret = text;
        }
    }
    const auto required = [&](const char* name, const std::string& value) {
        const auto named = [name](const FieldError& error) { return error.path == name; };
        if (value.empty() && std::none_of(errors.begin(), errors.end(), named)) {
            errors.push_back({name, "is missing"});
        }
    };
    required("companyId", credentials.company_id);
    required("secretKey", credentials.secret_key);
    if (!errors.empty()) throw Problem{400, "Bad Request", "Nothing was changed.", std::move(errors), {}};
    credentials.set_at = services_.clock.now();
    return credentials;
}

void CredentialsRoutes::get(const Request&, Reply& reply) {
    reply.json(200, shown());
}

// Two companies in one CRM could never be told apart again.
void CredentialsRoutes::check_company(const std::string& company_id) {
    const auto linked = services_.linked_company();
    if (!linked || *linked == company_id) return;
    for (const auto kind : kAllKinds) {
        const auto counts = services_.runs.counts(kind);
        if (counts.linked + counts.inactive == 0) continue;
        throw Problem{409,
                      "Conflict",
                      "The CRM holds records of company " + *linked +
                          ". Another company needs an instance (and a CRM) of its own; nothing was changed.",
                      {{"companyId", "is not the company whose records are linked"}},
                      {}};
    }
}

void CredentialsRoutes::put(const Request& request, Reply& reply) {
    const json::value body = request.json();
    vault::Credentials credentials = read(body);
    check_company(credentials.company_id);
    // It is never shown, so nobody who enters another key could give it again.
    if (!body.as_object().contains("webhookSecret")) {
        const auto stored = services_.credentials.get();
        if (stored && stored->company_id == credentials.company_id) {
            credentials.webhook_secret = stored->webhook_secret;
        }
    }
    services_.credentials.put(credentials);
    services_.remember_company(credentials.company_id);
    services_.journal.append(request.user->name, "credentials.set",
                             json::serialize(json::object{{"companyId", credentials.company_id},
                                                          {"baseUrl", credentials.base_url}}));
    services_.log.note(sync::LogLevel::kInfo, "credentials", "The Metakocka credentials were set.");
    services_.credentials_changed();
    reply.json(200, shown());
}

void CredentialsRoutes::remove(const Request& request, Reply& reply) {
    services_.credentials.clear();
    services_.journal.append(request.user->name, "credentials.removed", "{}");
    services_.log.note(sync::LogLevel::kInfo, "credentials", "The Metakocka credentials were removed.");
    services_.credentials_changed();
    reply.empty(204);
}

void CredentialsRoutes::test(const Request& request, Reply& reply) {
    const bool given = !request.body.empty();
    std::optional<vault::Credentials> credentials;
    if (given) {
        credentials.emplace(read(request.json()));
    } else {
        credentials = services_.credentials.get();
        if (!credentials) throw Problem{409, "Conflict", "There are no credentials to test yet.", {}, {}};
    }
    const TestResult result = services_.test_connection(*credentials);
    if (!given) {
        const bool refused = result.reason == "invalid_credentials" || result.reason == "ip_not_allowed";
        services_.scheduler.connection_tested(result.ok, refused, result.message);
    }
    services_.log.note(result.ok ? sync::LogLevel::kInfo : sync::LogLevel::kWarning, "test",
                       result.ok ? "Connection tested: it works." : "Connection tested: " + result.message);
    json::object body{{"ok", result.ok}, {"latencyMs", result.latency_ms}, {"message", result.message}};
    if (!result.ok) body["reason"] = result.reason;
    reply.json(200, body);
}

}  // namespace metakocka::routes
