#include "api/connection.hpp"

#include <algorithm>
#include <stdexcept>

#include <Poco/Exception.h>
#include <Poco/URI.h>

namespace metakocka::api {
namespace {

constexpr std::string_view kUsualPath = "/rest/eshop/v1/";

// Poco sends a path as it is: a line break in it would forge a second request (field-notes.md, Poco).
bool is_safe(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Poco::URI parse(const std::string& text) {
    if (!is_safe(text)) throw std::invalid_argument("the address holds a space or a character it can't hold");
    try {
        return Poco::URI(text);
    } catch (const Poco::Exception&) {
        throw std::invalid_argument("this is not an internet address");
    }
}

}  // namespace

BaseUrl::BaseUrl(const std::string& text) {
    const Poco::URI uri = parse(text);
    if (uri.getScheme() != "https") throw std::invalid_argument("the address must begin with https://");
    if (uri.getHost().empty()) throw std::invalid_argument("the address has no host");
    if (!uri.getUserInfo().empty() || !uri.getRawQuery().empty() || !uri.getFragment().empty()) {
        throw std::invalid_argument("the address may hold a host, a port and a path only");
    }
    host_ = uri.getHost();
    port_ = uri.getPort();
    path_ = uri.getPath();
    if (path_.empty() || path_ == "/") path_ = kUsualPath;
    if (!is_safe(path_)) throw std::invalid_argument("the address's path holds a character it can't hold");
    if (path_.back() != '/') path_ += '/';
}

std::string BaseUrl::host_header() const {
    const std::string name = host_.find(':') == std::string::npos ? host_ : '[' + host_ + ']';
    return port_ == 443 ? name : name + ':' + std::to_string(port_);
}

std::string BaseUrl::path(PathFamily family, std::string_view call) const {
    std::string result = path_;
    if (family == PathFamily::kJson) result += "json/";
    if (family == PathFamily::kRoot) {
        const auto parent = path_.find_last_of('/', path_.size() - 2);
        result.erase(parent == std::string::npos ? 0 : parent + 1);
    }
    result += call;
    return result;
}

}  // namespace metakocka::api
