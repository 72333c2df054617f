#include "session.hpp"

#include <chrono>

#include "check.hpp"
#include "crm/detail/text_sink.hpp"

namespace crm::validator {

namespace json = boost::json;

crm_result CountingSink::write(void* ctx, const char* data, std::uint64_t size) noexcept {
    auto& self = *static_cast<CountingSink*>(ctx);
    ++self.writes_;
    if (self.refused_) ++self.after_refusal_;
    if (self.writes_ >= self.refuse_at_) {
        self.refused_ = true;
        return self.code_;
    }
    try {
        self.text_.append(detail::view_of(data, size));
    } catch (...) {
        return CRM_INTERNAL;
    }
    return CRM_OK;
}

int HttpOutcome::status() const {
    json::error_code failed;
    const json::value value = json::parse(head, failed);
    if (failed || !value.is_object()) return 0;
    const json::value* status = value.get_object().if_contains("status");
    if (status == nullptr || !status->is_int64() || status->get_int64() < 100 || status->get_int64() > 599)
        return 0;
    return static_cast<int>(status->get_int64());
}

std::string HttpOutcome::shown() const {
    if (code != CRM_OK) return name_of(code) + " (" + excerpt(error) + ")";
    return heads == 0 ? "no answer" : "status " + std::to_string(status());
}

std::string Route::filled(std::string_view value) const {
    std::string out;
    bool inside = false;
    for (const char c : path) {
        if (c == '{') {
            inside = true;
            out.append(value);
        } else if (c == '}') {
            inside = false;
        } else if (!inside) {
            out.push_back(c);
        }
    }
    return out;
}

Outcome create_over(const crm_connector& table, const crm_host* host, crm_instance** instance) {
    CountingSink error;
    const InsideCall inside;
    const crm_result code = table.create(host, instance, error.get());
    return {code, {}, error.text()};
}

Session::Session(Subject& subject, ProbeHost& host) : subject_(subject), table_(subject.table()) {
    const Outcome made = create_over(table_, &host.table, &instance_);
    if (made.code != CRM_OK || instance_ == nullptr) {
        throw NotExercised{"no instance could be made (" + name_of(made.code) + " " + excerpt(made.error) +
                           "), see create.works"};
    }
}

Session::~Session() {
    destroy();
}

void Session::destroy() {
    if (instance_ == nullptr) return;
    const InsideCall inside;
    table_.destroy(instance_);
    instance_ = nullptr;
}

Outcome Session::describe() const {
    CountingSink result, error;
    const InsideCall inside;
    const crm_result code = table_.describe(instance_, result.get(), error.get());
    return {code, result.text(), error.text()};
}

Outcome Session::status() const {
    CountingSink result, error;
    const InsideCall inside;
    const crm_result code = table_.status(instance_, result.get(), error.get());
    return {code, result.text(), error.text()};
}

RunOutcome Session::run_due(std::int64_t now, std::int64_t budget) const {
    CountingSink error;
    RunOutcome outcome;
    const auto begin = std::chrono::steady_clock::now();
    {
        const InsideCall inside(true);
        outcome.code = table_.run_due(instance_, now, budget, &outcome.next, error.get());
    }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    outcome.error = error.text();
    return outcome;
}

namespace {

struct HttpSinks {
    HttpOutcome outcome;
    crm_sink head{sizeof(crm_sink), 0, this,
                  [](void* ctx, const char* data, std::uint64_t size) -> crm_result {
                      auto& self = *static_cast<HttpSinks*>(ctx);
                      ++self.outcome.heads;
                      self.outcome.head.append(detail::view_of(data, size));
                      return CRM_OK;
                  }};
    crm_sink body{sizeof(crm_sink), 0, this,
                  [](void* ctx, const char* data, std::uint64_t size) -> crm_result {
                      auto& self = *static_cast<HttpSinks*>(ctx);
                      if (self.outcome.heads == 0) self.outcome.body_before_head = true;
                      self.outcome.body.append(detail::view_of(data, size));
                      return CRM_OK;
                  }};
};

}  // namespace

HttpOutcome Session::http(std::string_view request, std::string_view body) const {
    HttpSinks sinks;
    CountingSink error;
    const InsideCall inside;
    sinks.outcome.code = table_.handle_http(instance_, request.data(), request.size(), body.data(),
                                            body.size(), &sinks.head, &sinks.body, error.get());
    sinks.outcome.error = error.text();
    return std::move(sinks.outcome);
}

HttpOutcome Session::http(std::string_view method, std::string_view path, std::string_view body) const {
    return http(request_json(method, path, user_with_all()), body);
}

void Session::cancel() const {
    const InsideCall inside;
    table_.cancel(instance_);
}

Outcome Session::stop(std::int64_t deadline_us) const {
    CountingSink error;
    const InsideCall inside;
    const crm_result code = table_.stop(instance_, deadline_us, error.get());
    return {code, {}, error.text()};
}

json::object Session::described() const {
    json::error_code failed;
    json::value value = json::parse(describe().text, failed);
    if (failed || !value.is_object()) throw NotExercised{"describe is not valid, see describe.valid"};
    return std::move(value.get_object());
}

std::vector<Route> Session::routes() const {
    std::vector<Route> routes;
    const json::object all = described();
    const json::value* list = all.if_contains("routes");
    if (list == nullptr || !list->is_array()) throw NotExercised{"describe names no routes"};
    for (const json::value& item : list->get_array()) {
        if (!item.is_object()) continue;
        const auto text = [&](const char* name) -> std::optional<std::string> {
            const json::value* value = item.get_object().if_contains(name);
            if (value == nullptr || !value->is_string()) return std::nullopt;
            return json::value_to<std::string>(*value);
        };
        routes.push_back({text("method").value_or(""), text("path").value_or(""), text("permission")});
    }
    if (routes.empty()) throw NotExercised{"describe names no routes"};
    return routes;
}

json::value Session::user_with_all() const {
    json::array held;
    const json::object all = described();
    const json::value* list = all.if_contains("permissions");
    if (list != nullptr && list->is_array()) {
        for (const json::value& item : list->get_array()) {
            if (item.is_object() && item.get_object().contains("id"))
                held.push_back(item.get_object().at("id"));
        }
    }
    return json::object{{"name", "validator"}, {"permissions", std::move(held)}};
}

void Session::configure() const {
    for (const ScenarioRequest& request : subject_.scenario().requests) {
        const HttpOutcome answer = http(request.method, request.path, request.body);
        if (!answer.good()) {
            throw NotExercised{"the scenario's " + request.method + " " + request.path + " was answered by " +
                               answer.shown() + " " + excerpt(answer.body)};
        }
    }
}

void Session::work() const {
    configure();
    for (int round = 0; round < subject_.scenario().rounds; ++round) run_due(now_us(), kSecond / 20);
}

std::int64_t now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string request_json(std::string_view method, std::string_view path, const json::value& user) {
    return json::serialize(json::object{{"method", method},
                                        {"path", path},
                                        {"query", json::object{}},
                                        {"headers", json::object{{"content-type", "application/json"}}},
                                        {"user", user}});
}

std::string name_of(crm_result code) {
    static constexpr const char* kNames[] = {"OK",          "AUTH",    "TRANSIENT", "CONFLICT", "CANCELLED",
                                             "UNSUPPORTED", "INVALID", "INTERNAL",  "NOT_FOUND"};
    if (code < CRM_OK || code > CRM_NOT_FOUND) return "the unknown code " + std::to_string(code);
    return std::string("CRM_") + kNames[code];
}

std::string excerpt(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 120)) out.push_back(c >= 0x20 && c < 0x7f ? c : '?');
    if (text.size() > 120) out += "...";
    return out;
}

}  // namespace crm::validator
