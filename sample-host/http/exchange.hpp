// One request and its answer.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.hpp"

namespace crm::sample {

inline constexpr std::string_view kSessionCookie = "crm_session";
inline constexpr std::string_view kLanguageCookie = "crm_lang";

class Exchange {
  public:
    // Reads the whole body: what is left unread would be taken for the next request. Throws Problem.
    Exchange(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response, bool secure);

    const std::string& method() const { return method_; }
    const std::string& path() const { return path_; }
    const std::vector<std::string>& segments() const { return segments_; }
    const std::map<std::string, std::string>& query() const { return query_; }
    std::optional<std::string> query(const std::string& name) const;
    std::string header(const std::string& name) const;
    // All headers, names in lower case.
    std::map<std::string, std::string> headers() const;
    std::string cookie(std::string_view name) const;
    const std::string& body() const { return body_; }
    std::string client_address() const;
    // True when the browser reaches the host by TLS.
    bool secure() const { return secure_; }

    const std::optional<Identity>& identity() const { return identity_; }
    void set_identity(std::optional<Identity> identity) { identity_ = std::move(identity); }
    // What stood for "{name}" in the route's pattern.
    const std::string& parameter(std::size_t index) const { return parameters_.at(index); }
    void set_parameters(std::vector<std::string> parameters) { parameters_ = std::move(parameters); }

    void set_header(const std::string& name, const std::string& value) { response_.set(name, value); }
    void set_cookie(std::string_view name, const std::string& value, int max_age, bool http_only);
    void send(int status, const std::string& content_type, std::string_view body);
    void send_json(int status, std::string_view body) { send(status, "application/json", body); }
    void send_empty(int status);
    void redirect(const std::string& target);
    // For answers of unknown length. The headers must be set before.
    std::ostream& begin_stream(int status);
    bool answered() const { return response_.sent(); }

  private:
    void read_body();

    Poco::Net::HTTPServerRequest& request_;
    Poco::Net::HTTPServerResponse& response_;
    bool secure_;
    std::string method_;
    std::string path_;
    std::vector<std::string> segments_;
    std::map<std::string, std::string> query_;
    std::string body_;
    std::optional<Identity> identity_;
    std::vector<std::string> parameters_;
};

}  // namespace crm::sample
