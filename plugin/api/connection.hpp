// Where the ERP is and who we are there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace metakocka::api {

struct Connection {
    std::string company_id;
    std::string secret_key;          // full write access to the company's ledger: never shown, never logged
    std::string base_url;            // https://main.metakocka.si/rest/eshop/v1/
    std::string ca_certificate_pem;  // PEM text, trusted in addition to the system's; "" for none
};

inline constexpr std::string_view kProductionBaseUrl = "https://main.metakocka.si/rest/eshop/v1/";

// No rule tells which call lives where (metakocka-api.md §1); the wrong one answers an HTML 404.
enum class PathFamily {
    kPlain,  // …/v1/search
    kJson,   // …/v1/json/product_list
    kRoot,   // …/eshop/sync_stock
};

class BaseUrl {
  public:
    // Throws std::invalid_argument, with a reason for people, unless it is a plain https address. A missing
    // path or final slash is filled in.
    explicit BaseUrl(const std::string& text);

    const std::string& host() const noexcept { return host_; }
    std::uint16_t port() const noexcept { return port_; }
    std::string host_header() const;
    std::string path(PathFamily family, std::string_view call) const;

  private:
    std::string host_;
    std::uint16_t port_;
    std::string path_;  // ends in "/v1/" or whatever the installation uses
};

}  // namespace metakocka::api
