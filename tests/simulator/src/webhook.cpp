#include "webhook.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <Poco/UUIDGenerator.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

#include "wire_records.hpp"

namespace metakocka::sim {
namespace {

std::unique_ptr<Poco::Net::HTTPClientSession> session_for(const Poco::URI& uri) {
    if (uri.getScheme() != "https") {
        return std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
    }
    const Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", Poco::Net::Context::VERIFY_NONE);
    return std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(), context);
}

}  // namespace

std::string stock_event(const Ledger& ledger, const std::vector<MkId>& product_ids) {
    std::vector<const StockRow*> rows;
    for (const auto id : product_ids) {
        const auto [first, last] = ledger.stock_of(id);
        for (std::size_t i = first; i < last; ++i) {
            if (ledger.warehouses[ledger.stock[i].warehouse].active) rows.push_back(&ledger.stock[i]);
        }
    }
    JsonOut out;
    out.open('{').member("opr_code", "0").member("opr_time_ms", "12");
    out.member("stock_list_count", std::to_string(rows.size())).key("stock_list").open('[');
    for (const auto* row : rows) write_stock_row(out, ledger, *row);
    out.close(']').close('}');
    return out.take();
}

std::string webhook_signature(const std::string& body, const std::string& secret) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &length);
    std::string text(4 * ((length + 2) / 3) + 1, '\0');
    const int written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), digest, static_cast<int>(length));
    text.resize(static_cast<std::size_t>(written));
    return text;
}

boost::json::object send_webhook(const Webhook& webhook) {
    const Poco::URI uri(webhook.url);
    const auto session = session_for(uri);
    session->setTimeout(Poco::Timespan(10, 0));
    const auto path = uri.getPathAndQuery();
    Poco::Net::HTTPRequest request("POST", path.empty() ? "/" : path, "HTTP/1.1");
    request.setContentType("application/json;charset=UTF-8");
    request.setContentLength64(static_cast<Poco::Int64>(webhook.body.size()));
    request.set("X-MetaKocka-Event", "warehouse_product_stock_update");
    const auto id =
        webhook.id.empty() ? Poco::UUIDGenerator::defaultGenerator().createRandom().toString() : webhook.id;
    request.set("X-MetaKocka-Id", id);
    const auto signature = webhook_signature(webhook.body, webhook.secret);
    request.set("X-MetaKocka-Signature", signature);
    if (!webhook.user.empty())
        Poco::Net::HTTPBasicCredentials(webhook.user, webhook.password).authenticate(request);
    session->sendRequest(request) << webhook.body;
    Poco::Net::HTTPResponse response;
    std::string answer;
    Poco::StreamCopier::copyToString(session->receiveResponse(response), answer);
    std::string compact = answer;
    std::erase(compact, ' ');
    const bool accepted = compact.find(R"("check_respond_status_json_ok":"true")") != std::string::npos ||
                          compact.find(R"("status":"ok")") != std::string::npos;
    return {{"status", static_cast<int>(response.getStatus())},
            {"body", answer},
            {"accepted", accepted},
            {"id", id},
            {"signature", signature},
            {"sent", webhook.body}};
}

}  // namespace metakocka::sim
