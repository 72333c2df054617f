// What a refusal means, and what of it may be shown.
#pragma once

#include <string>
#include <string_view>

#include "sync/erp_gateway.hpp"

namespace metakocka::api {

// The class of an opr_code other than "0". The code alone does not identify a cause: the text decides too
// (metakocka-api.md §2). Whatever is unknown is permanent and visible, never an endless retry.
sync::ErpErrorClass classify(std::string_view opr_code, std::string_view text);

// Of an HTTP status that came without JSON.
sync::ErpErrorClass classify_http(int status);

// An HTML page (or nothing) where JSON should be: an upgrade of the ERP, a proxy, a log-in page. A run
// retries; a person who is testing the address wants to know.
class HtmlAnswer final : public sync::ErpError {
  public:
    HtmlAnswer(int status, const std::string& text, int retry_after_s)
        : sync::ErpError(classify_http(status), text, retry_after_s), status_(status) {}
    int status() const noexcept { return status_; }

  private:
    int status_;
};

// Takes the secret out of every text before it is stored or shown.
class Redactor {
  public:
    explicit Redactor(std::string secret) : secret_(std::move(secret)) {}
    // Also bounded in length and without control characters.
    std::string operator()(std::string_view text) const;

  private:
    std::string secret_;
};

}  // namespace metakocka::api
