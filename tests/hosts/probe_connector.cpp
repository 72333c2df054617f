// A connector that calls each service of its host when told to over HTTP, and reports what it saw.
#include <atomic>
#include <boost/json.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crm/export.hpp"

namespace {

namespace json = boost::json;

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += {kDigits[byte >> 4u], kDigits[byte & 15u]};
    }
    return out;
}

std::string from_hex(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    }
    return out;
}

class SuiteProbe final : public crm::IConnector, public crm::IScheduler {
  public:
    explicit SuiteProbe(crm::IHost& host) : host_(host) {}

    std::string describe() override {
        return R"({"id":"suite-probe","name":"Suite probe","version":"1.0.0","permissions":[],"tasks":[],
            "pages":[],"routes":[
                {"method":"POST","path":"/call/{service}","permission":"integrations.manage"},
                {"method":"POST","path":"/plan","permission":"integrations.manage"},
                {"method":"GET","path":"/runs","permission":"integrations.view"},
                {"method":"POST","path":"/echo/{what}","permission":"integrations.manage"},
                {"method":"GET","path":"/long","permission":"integrations.view"},
                {"method":"GET","path":"/silent","permission":"integrations.view"},
                {"method":"POST","path":"/throw","permission":"integrations.manage"}]})";
    }
    crm::IScheduler& scheduler() override { return *this; }
    std::string status() override { return R"({"state":"ok","text":"probing"})"; }
    bool stop(crm::Duration) override { return true; }
    void cancel() override { cancelled_ = true; }

    // Does what /plan said for the next call, then wants to be called never again.
    crm::Instant run_due(crm::Instant now, crm::Duration budget) override {
        json::object plan;
        {
            const std::lock_guard lock(mutex_);
            runs_.push_back(json::object{{"now", now}, {"budget", budget}, {"clock", host_.now()}});
            std::swap(plan, plan_);
        }
        if (plan.contains("throw")) throw crm::Error(CRM_TRANSIENT, "the probe fails on purpose");
        if (plan.contains("unknown")) throw 42;  // NOLINT: nothing of std, on purpose
        if (plan.contains("busy")) {
            while (!cancelled_) std::this_thread::yield();
        }
        if (plan.contains("upsert")) {
            json::value saw = json::parse(host_.upsert_records(json::serialize(plan.at("upsert"))));
            const std::lock_guard lock(mutex_);
            runs_.back().as_object()["saw"] = std::move(saw);
        }
        return plan.contains("in") ? host_.now() + plan.at("in").as_int64() : crm::kNever;
    }

    void handle_http(const crm::HttpRequest& request, crm::IHttpResponse& response) override {
        const json::object head = json::parse(request.head).as_object();
        const std::string path(head.at("path").as_string());
        if (path == "/silent") return;
        if (path == "/throw") throw crm::Error(CRM_INVALID, "refused on purpose");
        if (path == "/long") return send_long(response);
        response.begin(R"({"status":200,"headers":{"Content-Type":"application/json","X-Probe":"yes"}})");
        if (path.starts_with("/echo/")) {
            response.write(json::serialize(json::object{{"head", head}, {"body", to_hex(request.body)}}));
        } else if (path == "/runs") {
            const std::lock_guard lock(mutex_);
            response.write(json::serialize(json::object{{"runs", runs_}}));
        } else if (path == "/plan") {
            const std::lock_guard lock(mutex_);
            plan_ = json::parse(request.body).as_object();
            response.write("{}");
        } else {
            response.write(json::serialize(report(path.substr(6), std::string(request.body))));
        }
    }

  private:
    static void send_long(crm::IHttpResponse& response) {
        response.begin(R"({"status":200,"headers":{"Content-Type":"text/plain"}})");
        for (int i = 0; i < 2000; ++i) response.write("piece " + std::to_string(i) + "\n");
    }

    json::object report(const std::string& service, const std::string& body) {
        try {
            return {{"code", CRM_OK}, {"answer", call(service, body)}};
        } catch (const crm::Error& error) {
            return {{"code", error.code()}, {"error", error.what()}};
        }
    }

    json::value call(const std::string& service, const std::string& body) {
        if (service == "query") return json::parse(host_.query_records(body));
        if (service == "upsert") return json::parse(host_.upsert_records(body));
        if (service == "changes") return json::parse(host_.changed_records(body));
        if (service == "settings") return json::parse(host_.settings());
        if (service == "put-settings") return host_.put_settings(body), nullptr;
        if (service == "wrap") return json::string(to_hex(host_.wrap_key(from_hex(body))));
        if (service == "unwrap") return json::string(to_hex(host_.unwrap_key(from_hex(body))));
        if (service == "directory") return json::string(host_.directory());
        if (service == "now") return host_.now();
        if (service == "monotonic") return host_.monotonic();
        if (service == "notify") return host_.notify(body), nullptr;
        if (service == "log") return host_.log(crm::LogLevel::kInfo, body), nullptr;
        if (service == "wake") return host_.wake(), nullptr;
        throw crm::Error(CRM_NOT_FOUND, "the probe knows no service " + service);
    }

    crm::IHost& host_;
    std::mutex mutex_;
    json::object plan_;
    json::array runs_;
    std::atomic<bool> cancelled_ = false;
};

}  // namespace

CRM_CONNECTOR(SuiteProbe)
