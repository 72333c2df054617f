#include "http/connector_api.hpp"

#include <Poco/String.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "http/problem.hpp"
#include "util/path.hpp"

namespace crm::sample {
namespace {

namespace json = boost::json;

// What belongs to the host or to the connection is not the connector's to say.
constexpr std::array<std::string_view, 8> kHostHeaders = {
    "set-cookie", "transfer-encoding",         "connection", "content-security-policy",
    "date",       "strict-transport-security", "server",     "x-content-type-options"};

// Secrets of the host's own sessions stay with the host.
constexpr std::array<std::string_view, 3> kPrivateHeaders = {"cookie", "authorization", "x-csrf-token"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, const std::string& name) {
    for (const std::string_view known : names) {
        if (name == known) return true;
    }
    return false;
}

bool is_clean(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

// Streams the connector's answer to the client.
class StreamedResponse final : public IHttpResponse {
  public:
    StreamedResponse(Exchange& exchange, const RunningConnector& connector)
        : exchange_(exchange), connector_(connector) {}

    void begin(std::string_view head) override {
        const json::value value = json::parse(head);
        const json::object& object = value.as_object();
        const auto status = object.at("status").to_number<int>();
        if (status < 200 || status > 599)
            throw Error(CRM_INVALID, "the connector answered an impossible status");
        if (const auto* headers = object.if_contains("headers"); headers != nullptr && headers->is_object()) {
            for (const auto& header : headers->get_object()) {
                if (header.value().is_string()) set(std::string(header.key()), header.value().get_string());
            }
        }
        if (status == 204 || status == 304) {
            exchange_.send_empty(status);
        } else {
            out_ = &exchange_.begin_stream(status);
        }
        begun_ = true;
    }

    void write(std::string_view piece) override {
        if (!begun_) throw Error(CRM_INVALID, "the connector wrote before it began");
        if (out_ == nullptr || exchange_.method() == "HEAD") return;
        // An open event stream ends when the connector is being stopped.
        if (connector_.stopping()) throw Error(CRM_CANCELLED, "the connector is being stopped");
        out_->write(piece.data(), static_cast<std::streamsize>(piece.size()));
        out_->flush();
        if (!out_->good()) throw Error(CRM_CANCELLED, "the client has gone");
    }

    bool begun() const { return begun_; }

  private:
    void set(const std::string& name, std::string_view value) {
        if (contains(kHostHeaders, Poco::toLower(name)) || !is_clean(name) || !is_clean(value)) return;
        exchange_.set_header(name, std::string(value));
    }

    Exchange& exchange_;
    const RunningConnector& connector_;
    std::ostream* out_ = nullptr;
    bool begun_ = false;
};

// Throws Problem when there is no such route or the caller may not use it.
void check_route(const Exchange& exchange, const RunningConnector& connector,
                 std::span<const std::string> segments) {
    const std::string method = exchange.method() == "HEAD" ? "GET" : exchange.method();
    bool known_path = false;
    std::vector<std::string> parameters;
    for (const ConnectorRoute& route : connector.routes()) {
        if (!match_path(route.segments, segments, parameters)) continue;
        known_path = true;
        if (route.method != method) continue;
        if (!route.permission.empty()) authorize(exchange, route.permission);
        return;
    }
    // Whoever is not logged in learns nothing about what there is.
    if (!exchange.identity()) throw Problem(401, "log in first");
    if (known_path) throw Problem(405, "the connector does not take this method here");
    throw Problem(404, "the connector has nothing at this address");
}

json::value describe_user(const Exchange& exchange) {
    const auto& identity = exchange.identity();
    if (!identity) return nullptr;
    json::array permissions;
    for (const std::string_view wanted :
         {permission::kRecordsRead, permission::kRecordsWrite, permission::kIntegrationsView,
          permission::kIntegrationsManage, permission::kPluginsManage}) {
        if (is_allowed(identity->role, wanted)) permissions.emplace_back(wanted);
    }
    return json::object{{"name", identity->name}, {"permissions", std::move(permissions)}};
}

std::string request_head(const Exchange& exchange, std::span<const std::string> segments) {
    std::string path;
    for (const std::string& segment : segments) path += "/" + segment;
    json::object query;
    for (const auto& [name, value] : exchange.query()) query[name] = value;
    json::object headers;
    for (const auto& [name, value] : exchange.headers()) {
        if (!contains(kPrivateHeaders, name)) headers[name] = value;
    }
    const json::object head{{"method", exchange.method()},
                            {"path", path.empty() ? "/" : path},
                            {"query", std::move(query)},
                            {"headers", std::move(headers)},
                            {"user", describe_user(exchange)}};
    return json::serialize(head);
}

int status_of(crm_result code) {
    switch (code) {
        case CRM_INVALID:
            return 400;
        case CRM_NOT_FOUND:
            return 404;
        case CRM_CONFLICT:
            return 409;
        case CRM_TRANSIENT:
        case CRM_CANCELLED:
            return 503;
        case CRM_UNSUPPORTED:
            return 501;
        default:
            return 500;
    }
}

}  // namespace

void ConnectorApi::mount(Router& router) {
    router.add("*", "/api/integrations/{id}/*", kAnybody, [this](Exchange& exchange) { forward(exchange); });
}

void ConnectorApi::forward(Exchange& exchange) {
    const auto connector = plugins_.find(exchange.parameter(0));
    if (!connector) {
        if (!exchange.identity()) throw Problem(401, "log in first");
        throw Problem(404, "there is no running connector '" + exchange.parameter(0) + "'");
    }
    constexpr std::size_t kBaseSegments = 3;  // api, integrations, <id>
    const auto segments = std::span(exchange.segments()).subspan(kBaseSegments);
    check_route(exchange, *connector, segments);

    const std::string head = request_head(exchange, segments);
    StreamedResponse response(exchange, *connector);
    try {
        connector->handle_http({head, exchange.body()}, response);
    } catch (const Error& error) {
        // Too late for a status; the server cuts the connection.
        if (response.begun()) throw;
        throw Problem(status_of(error.code()), error.what());
    }
    if (!response.begun()) throw Problem(500, "the connector gave no answer");
}

}  // namespace crm::sample
