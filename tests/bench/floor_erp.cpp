#include "floor_erp.hpp"

#include <istream>
#include <stdexcept>

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

namespace bench {

namespace {

Poco::Net::Context::Ptr trusting(const std::string& ca_file) {
    Poco::Net::Context::Params params;
    params.caLocation = ca_file;
    params.loadDefaultCAs = false;
    params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
    Poco::Net::Context::Ptr context(new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params));
    context->enableExtendedCertificateVerification(true);
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    return context;
}

}  // namespace

Erp::Erp(const std::string& base_url, const std::string& ca_file, std::string company, std::string key)
    : address_(base_url),
      session_(address_.getHost(), address_.getPort(), trusting(ca_file)),
      company_(std::move(company)),
      key_(std::move(key)) {
    session_.setKeepAlive(true);
}

const std::string& Erp::page(std::uint64_t offset, std::uint64_t limit) {
    // The same rows as the module asks for: with prices.
    const std::string asked = R"({"secret_key":")" + key_ + R"(","company_id":")" + company_ +
                              R"(","return_pricelist":"true","show_tax_factor":"true","offset":")" +
                              std::to_string(offset) + R"(","limit":")" + std::to_string(limit) + R"("})";
    Poco::Net::HTTPRequest request("POST", address_.getPath() + "json/product_list", "HTTP/1.1");
    request.setContentType("application/json");
    request.setContentLength64(static_cast<std::int64_t>(asked.size()));
    session_.sendRequest(request) << asked;
    Poco::Net::HTTPResponse response;
    std::istream& in = session_.receiveResponse(response);
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK || !response.hasContentLength()) {
        throw std::runtime_error("the ERP answered " + std::to_string(response.getStatus()));
    }
    body_.resize(static_cast<std::size_t>(response.getContentLength64()));
    in.read(body_.data(), static_cast<std::streamsize>(body_.size()));
    if (static_cast<std::size_t>(in.gcount()) != body_.size()) throw std::runtime_error("the answer was cut");
    return body_;
}

}  // namespace bench
