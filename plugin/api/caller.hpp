// One call of the ERP's API, from parameters to a checked envelope: lanes, attempts, error classes,
// redaction.
#pragma once

#include <memory>
#include <string>

#include <boost/json/object.hpp>

#include "api/company.hpp"
#include "api/endpoints.hpp"
#include "api/errors.hpp"
#include "api/json_text.hpp"
#include "api/retry.hpp"
#include "api/transport.hpp"
#include "api/wire.hpp"
#include "sync/erp_gateway.hpp"

namespace metakocka::api {

// An answer whose opr_code says that it was done.
class Answer {
  public:
    explicit Answer(JsonText text) : text_(std::move(text)) {}
    const boost::json::object& object() const { return text_.root().get_object(); }
    // A list in it. Without one a whole answer has gone wrong, not one bad row: throws
    // sync::ErpError(kTransient).
    ListView rows(std::string_view name) const;

  private:
    JsonText text_;
};

// One thread at a time.
class Caller {
  public:
    // `waiter` must outlive it. Throws std::invalid_argument for an unusable base URL,
    // sync::ErpError(kTls) for an unusable CA certificate.
    Caller(const Connection& connection, std::shared_ptr<Company> company, Waiter& waiter, Jitter jitter,
           const RetryPolicy& policy = {}, const TransportOptions& options = {});

    // Throws sync::ErpError, its text free of the secret key. What is not idempotent is sent once at most,
    // and the error is kUnknownOutcome when it went out and no readable answer says that it was done or
    // refused.
    Answer call(const Endpoint& endpoint, boost::json::object parameters);

    sync::CallStats stats() const noexcept;

  private:
    Caller(const Connection& connection, const BaseUrl& base, std::shared_ptr<Company> company,
           Waiter& waiter, Jitter jitter, const RetryPolicy& policy, const TransportOptions& options);
    Answer attempt(const Endpoint& endpoint, const std::string& body, Deadline deadline);
    Answer check(const Endpoint& endpoint, const HttpAnswer& answer) const;

    std::string company_id_;
    std::string secret_key_;
    Redactor redact_;
    std::shared_ptr<Company> company_;
    Waiter& waiter_;
    Jitter jitter_;
    RetryPolicy policy_;
    Transport transport_;
    sync::CallStats stats_;
};

}  // namespace metakocka::api
