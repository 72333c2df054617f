// Fetches pages of products over one TLS connection.
#pragma once

#include <cstdint>
#include <string>

#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>

namespace bench {

class Erp {
  public:
    // `base_url` is the API's, as metakocka-sim prints it.
    Erp(const std::string& base_url, const std::string& ca_file, std::string company, std::string key);

    // The body of one json/product_list answer; valid until the next call.
    const std::string& page(std::uint64_t offset, std::uint64_t limit);

  private:
    Poco::URI address_;
    Poco::Net::HTTPSClientSession session_;
    std::string company_;
    std::string key_;
    std::string body_;
};

}  // namespace bench
