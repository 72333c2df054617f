#include "api/caller.hpp"

#include <optional>
#include <stdexcept>

#include <boost/json.hpp>

namespace metakocka::api {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using sync::ErpError;
using sync::ErpErrorClass;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos;
}

bool looks_like_html(std::string_view body) {
    const auto start = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return start != std::string_view::npos && body[start] == '<';
}

[[noreturn]] void refuse_page(const HttpAnswer& answer) {
    const std::string what = answer.body.empty() || is_blank(answer.body) ? "nothing" : "a web page";
    throw HtmlAnswer(
        answer.status,
        "Metakocka answered " + what + " instead of data (HTTP " + std::to_string(answer.status) + ")",
        answer.retry_after_s);
}

// opr_desc_app says more than opr_desc; the code is named for those who look it up.
std::string description(const json::object& object, const std::string& code) {
    std::string text;
    for (const char* const name : {"opr_desc_app", "opr_desc", "opr_code_app"}) {
        const Value part = scalar_or_null(object, name);
        if (!part || text.find(*part) != std::string::npos) continue;
        text += (text.empty() ? "" : " – ") + *part;
    }
    return text.empty() ? "Metakocka refused the call with code " + code : text;
}

bool is_transient(ErpErrorClass error_class) {
    return error_class == ErpErrorClass::kTransient;
}

// Whether an answer that is neither success nor refusal may have come from a server that did the work: a
// proxy answers 502 when it lost the server's answer, a 404 comes before any work.
bool may_hide_success(const ErpError& error, int status) {
    return is_transient(error.error_class()) ||
           (error.error_class() == ErpErrorClass::kNotTheApi && status / 100 == 2);
}

ErpError unknown_outcome(const ErpError& error) {
    return {ErpErrorClass::kUnknownOutcome,
            "what became of a change that was sent to Metakocka is not known: " + std::string(error.what()),
            error.retry_after_s()};
}

// Another service may answer JSON as well. Without an opr_code only what the call is known to answer counts.
bool is_expected_without_code(const Endpoint& endpoint, const json::object& object) {
    if (!endpoint.may_lack_code) return false;
    if (object.empty() || object.contains("opr_time_ms")) return true;
    if (!endpoint.member.empty()) {
        return object.contains(endpoint.member) || object.contains(std::string(endpoint.member) + "_count");
    }
    for (const auto& member : object) {
        const std::string_view key = member.key();
        if (key.starts_with("sales_") || key.starts_with("purchase_") || key.starts_with("warehouse_"))
            return true;
    }
    return false;
}

}  // namespace

ListView Answer::rows(std::string_view name) const {
    try {
        return {object(), name};
    } catch (const RowProblem& problem) {
        throw ErpError(ErpErrorClass::kTransient,
                       std::string("Metakocka's answer makes no sense: ") + problem.what());
    }
}

Caller::Caller(const Connection& connection, std::shared_ptr<Company> company, Waiter& waiter, Jitter jitter,
               const RetryPolicy& policy, const TransportOptions& options)
    : Caller(connection, BaseUrl(connection.base_url), std::move(company), waiter, std::move(jitter), policy,
             options) {}

Caller::Caller(const Connection& connection, const BaseUrl& base, std::shared_ptr<Company> company,
               Waiter& waiter, Jitter jitter, const RetryPolicy& policy, const TransportOptions& options)
    : company_id_(connection.company_id),
      secret_key_(connection.secret_key),
      redact_(connection.secret_key),
      company_(std::move(company)),
      waiter_(waiter),
      jitter_(std::move(jitter)),
      policy_(policy),
      transport_(base, company_->tls.get(base.host(), connection.ca_certificate_pem), waiter, options) {}

sync::CallStats Caller::stats() const noexcept {
    sync::CallStats result = stats_;
    result.bytes = transport_.bytes();
    result.calls += transport_.resent();
    result.retries += transport_.resent();
    return result;
}

Answer Caller::call(const Endpoint& endpoint, json::object parameters) {
    parameters["secret_key"] = secret_key_;
    parameters["company_id"] = company_id_;
    const std::string body = json::serialize(parameters);
    const Deadline end = steady_clock::now() + policy_.call_deadline;
    for (int attempts = 1;; ++attempts) {
        try {
            return attempt(endpoint, body, std::min(end, steady_clock::now() + policy_.exchange_deadline));
        } catch (const ErpError& error) {
            if (!is_transient(error.error_class()) || !endpoint.idempotent || attempts >= policy_.attempts)
                throw;
            const milliseconds asked = std::chrono::seconds(error.retry_after_s());
            const milliseconds pause = std::max(asked, backoff(policy_, attempts, jitter_));
            if (asked > policy_.longest_retry_after || steady_clock::now() + pause >= end) throw;
            if (!waiter_.wait_for(pause)) throw ErpError(ErpErrorClass::kCancelled, "cancelled");
            ++stats_.retries;
        }
    }
}

Answer Caller::attempt(const Endpoint& endpoint, const std::string& body, Deadline deadline) {
    // The lane is held for the exchange alone, never while waiting to try again.
    HttpAnswer answer;
    try {
        const Lanes::Pass pass = company_->lanes.enter(endpoint.lane, deadline, waiter_);
        ++stats_.calls;
        answer = transport_.post(endpoint.family, endpoint.name, body, deadline, endpoint.idempotent);
    } catch (const AnswerLost& error) {
        const ErpError told(error.error_class(), redact_(error.what()), error.retry_after_s());
        if (!endpoint.idempotent) throw unknown_outcome(told);
        throw ErpError(told);
    } catch (const ErpError& error) {
        throw ErpError(error.error_class(), redact_(error.what()), error.retry_after_s());
    }
    try {
        return check(endpoint, answer);
    } catch (const ErpError& error) {
        if (!endpoint.idempotent && may_hide_success(error, answer.status)) throw unknown_outcome(error);
        throw;
    }
}

Answer Caller::check(const Endpoint& endpoint, const HttpAnswer& answer) const {
    if (is_blank(answer.body) || looks_like_html(answer.body)) refuse_page(answer);
    std::optional<JsonText> text;
    try {
        text.emplace(answer.body);
    } catch (const std::invalid_argument& error) {
        throw ErpError(classify_http(answer.status), "Metakocka's answer is " + redact_(error.what()),
                       answer.retry_after_s);
    }
    if (!text->root().is_object()) {
        throw ErpError(ErpErrorClass::kNotTheApi, "the address answers, but not as Metakocka does");
    }
    const json::object& object = text->root().get_object();
    const Value code = scalar_or_null(object, "opr_code");
    if (code ? *code == "0" : is_expected_without_code(endpoint, object)) {
        if (answer.status / 100 == 2) return Answer(std::move(*text));
        throw ErpError(classify_http(answer.status), "HTTP " + std::to_string(answer.status),
                       answer.retry_after_s);
    }
    if (!code) {
        const ErpErrorClass error_class =
            answer.status / 100 == 2 ? ErpErrorClass::kNotTheApi : classify_http(answer.status);
        throw ErpError(
            error_class,
            "the address answers, but not as Metakocka does (HTTP " + std::to_string(answer.status) + ")",
            answer.retry_after_s);
    }
    const std::string reason = description(object, *code);
    throw ErpError(classify(*code, reason), redact_(reason), answer.retry_after_s);
}

}  // namespace metakocka::api
