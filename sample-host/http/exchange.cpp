#include "http/exchange.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <array>

#include "http/problem.hpp"
#include "util/path.hpp"

namespace crm::sample {
namespace {

constexpr std::size_t kMaxBody = std::size_t{8} << 20;

using Status = Poco::Net::HTTPResponse::HTTPStatus;

}  // namespace

Exchange::Exchange(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response,
                   bool secure)
    : request_(request), response_(response), secure_(secure), method_(request.getMethod()) {
    response_.set("X-Content-Type-Options", "nosniff");
    response_.set("Referrer-Policy", "same-origin");
    response_.set("Cross-Origin-Opener-Policy", "same-origin");
    response_.set("Cross-Origin-Resource-Policy", "same-origin");
    response_.set("Cache-Control", "no-store");
    response_.set("Content-Security-Policy",
                  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                  "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    if (secure_) response_.set("Strict-Transport-Security", "max-age=31536000");
    read_body();
    try {
        const Poco::URI uri(request.getURI());
        path_ = uri.getPath().empty() ? "/" : uri.getPath();
        for (const auto& [name, value] : uri.getQueryParameters()) query_[name] = value;
    } catch (const Poco::Exception&) {
        throw Problem(400, "the address is malformed");
    }
    segments_ = split_path(path_);
}

void Exchange::read_body() {
    if (!request_.hasContentLength() && !request_.getChunkedTransferEncoding()) return;
    // Whatever goes wrong before the end of the body, the connection can't be used again.
    if (request_.hasContentLength() && request_.getContentLength64() > static_cast<Poco::Int64>(kMaxBody)) {
        response_.setKeepAlive(false);
        throw Problem(413, "the body is larger than 8 MiB");
    }
    std::array<char, 16384> buffer{};
    std::istream& in = request_.stream();
    while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
        body_.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
        if (body_.size() > kMaxBody) {
            response_.setKeepAlive(false);
            throw Problem(413, "the body is larger than 8 MiB");
        }
    }
    if (request_.hasContentLength() &&
        static_cast<Poco::Int64>(body_.size()) != request_.getContentLength64()) {
        response_.setKeepAlive(false);
        throw Problem(400, "the body ended early");
    }
}

std::optional<std::string> Exchange::query(const std::string& name) const {
    const auto found = query_.find(name);
    if (found == query_.end()) return std::nullopt;
    return found->second;
}

std::string Exchange::header(const std::string& name) const {
    return request_.get(name, "");
}

std::map<std::string, std::string> Exchange::headers() const {
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : request_) out[Poco::toLower(name)] = value;
    return out;
}

std::string Exchange::cookie(std::string_view name) const {
    Poco::Net::NameValueCollection cookies;
    request_.getCookies(cookies);
    return cookies.get(std::string(name), "");
}

std::string Exchange::client_address() const {
    return request_.clientAddress().host().toString();
}

void Exchange::set_cookie(std::string_view name, const std::string& value, int max_age, bool http_only) {
    // Written by hand: Poco 1.11 leaves Max-Age out of version 0 cookies and quotes the values of version 1.
    std::string text =
        std::string(name) + "=" + value + "; Path=/; SameSite=Strict; Max-Age=" + std::to_string(max_age);
    if (http_only) text += "; HttpOnly";
    if (secure_) text += "; Secure";
    response_.add("Set-Cookie", text);
}

void Exchange::send(int status, const std::string& content_type, std::string_view body) {
    response_.setStatusAndReason(static_cast<Status>(status));
    response_.setContentType(content_type);
    response_.sendBuffer(body.data(), body.size());
}

void Exchange::send_empty(int status) {
    response_.setStatusAndReason(static_cast<Status>(status));
    response_.setContentLength(0);
    response_.send();
}

void Exchange::redirect(const std::string& target) {
    response_.set("Location", target);
    send_empty(302);
}

std::ostream& Exchange::begin_stream(int status) {
    response_.setStatusAndReason(static_cast<Status>(status));
    if (!response_.hasContentLength()) response_.setChunkedTransferEncoding(true);
    return response_.send();
}

}  // namespace crm::sample
