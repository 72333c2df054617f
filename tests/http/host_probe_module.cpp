// A connector that does what it is told over HTTP, to see what the host does with it.
#include <unistd.h>

#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdlib>
#include <string>

#include "crm/export.hpp"

namespace {

namespace json = boost::json;

// HOST_PROBE_CRASH names what is to happen: "<id> <phase> <way>;…". The loader's probe process does not see
// it.
bool is_asked(const std::string& what) {
    const char* const asked = std::getenv("HOST_PROBE_CRASH");
    return asked != nullptr && std::string(asked).find(what) != std::string::npos;
}

int recurse(volatile int* depth) {
    if (*depth < 0) return 0;
    volatile int here = *depth + 1;
    return recurse(&here) + here;
}

void crash_if_asked(const std::string& phase) {
    const std::string what = PROBE_ID " " + phase + " ";
    if (is_asked(what + "abort")) std::abort();
    if (is_asked(what + "segv")) ::raise(SIGSEGV);
    if (is_asked(what + "overflow")) {
        volatile int depth = 0;
        recurse(&depth);
    }
    if (is_asked(what + "exit")) std::exit(3);
    if (is_asked(what + "kill")) ::raise(SIGKILL);
    if (is_asked(what + "quit")) ::_exit(3);
    if (is_asked(what + "slow")) ::sleep(1);
    while (is_asked(what + "hang")) ::pause();
}

__attribute__((constructor)) void at_load() {
    crash_if_asked("load");
}

__attribute__((destructor)) void at_exit() {
    crash_if_asked("exit");
}

class Probe final : public crm::IConnector, public crm::IScheduler {
  public:
    explicit Probe(crm::IHost& host) : host_(host) {
        crash_if_asked("create");
        if (is_asked(PROBE_ID " create throw")) {
            throw crm::Error(CRM_INTERNAL, "the probe does not want to");
        }
    }
    ~Probe() override { crash_if_asked("destroy"); }

    std::string describe() override {
        crash_if_asked("describe");
        return R"({"id":")" PROBE_ID R"(","name":"Probe","version":"1.0.0","permissions":[],"tasks":[],
            "pages":[{"id":"probe","title":"Probe","path":"/settings/integrations/host-probe",
                      "script":"/api/integrations/host-probe/panel.js","element":"host-probe"}],
            "routes":[{"method":"GET","path":"/echo/{what}","permission":"integrations.view"},
                      {"method":"GET","path":"/runs","permission":"integrations.view"},
                      {"method":"GET","path":"/stream","permission":"integrations.view"},
                      {"method":"GET","path":"/keys","permission":"integrations.manage"},
                      {"method":"POST","path":"/records/{call}","permission":"integrations.manage"},
                      {"method":"POST","path":"/settings","permission":"integrations.manage"},
                      {"method":"POST","path":"/notify","permission":"integrations.manage"},
                      {"method":"POST","path":"/fail","permission":"integrations.manage"},
                      {"method":"POST","path":"/wake","permission":"integrations.manage"},
                      {"method":"POST","path":"/hook","permission":null}]})";
    }
    crm::IScheduler& scheduler() override { return *this; }
    std::string status() override { return R"({"state":"ok","text":""})"; }
    bool stop(crm::Duration) override {
        crash_if_asked("stop");
        return true;
    }
    void cancel() override {}

    // Fails once at the second call: the host must go on all the same.
    crm::Instant run_due(crm::Instant, crm::Duration) override {
        crash_if_asked("run");
        if (++runs_ == 2) throw crm::Error(CRM_INTERNAL, "the probe fails on purpose");
        return crm::kNever;
    }

    void handle_http(const crm::HttpRequest& request, crm::IHttpResponse& response) override {
        const json::object head = json::parse(request.head).as_object();
        const std::string path(head.at("path").as_string());
        if (path == "/stream") return stream(response);
        const std::string text = answer(path, std::string(request.head), std::string(request.body));
        response.begin(R"({"status":200,"headers":{"Content-Type":"application/json","Set-Cookie":"a=b"}})");
        response.write(text);
        if (path == "/fail") throw crm::Error(CRM_INTERNAL, "the probe breaks off on purpose");
    }

  private:
    std::string answer(const std::string& path, const std::string& head, const std::string& body) {
        if (path == "/records/query") return host_.query_records(body);
        if (path == "/records/upsert") return host_.upsert_records(body);
        if (path == "/runs") return "{\"runs\":" + std::to_string(runs_) + "}";
        if (path == "/keys") return keys();
        if (path == "/settings") {
            host_.put_settings(body);
            return host_.settings();
        }
        if (path == "/notify") host_.notify(body);
        if (path == "/wake") host_.wake();
        if (path.starts_with("/echo")) return head;
        return "{\"got\":" + std::to_string(body.size()) + "}";
    }

    std::string keys() {
        std::string wrapped = host_.wrap_key("0123456789abcdef");
        json::object out;
        out["same"] = host_.unwrap_key(wrapped) == "0123456789abcdef";
        wrapped.back() = static_cast<char>(wrapped.back() ^ 1);
        try {
            host_.unwrap_key(wrapped);
        } catch (const crm::Error& error) {
            out["code"] = error.code();
        }
        out["directory"] = host_.directory();
        return json::serialize(out);
    }

    static void stream(crm::IHttpResponse& response) {
        response.begin(R"({"status":200,"headers":{"Content-Type":"text/plain"}})");
        for (int i = 0; i < 1000; ++i) response.write("line " + std::to_string(i) + "\n");
    }

    crm::IHost& host_;
    std::atomic<int> runs_ = 0;
};

}  // namespace

CRM_CONNECTOR(Probe)
