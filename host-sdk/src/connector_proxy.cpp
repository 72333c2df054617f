#include "connector_proxy.hpp"

#include <exception>

#include "crm/detail/guard.hpp"
#include "host_tables.hpp"

namespace crm::detail {
namespace {

// The host's response as two sinks. What the host's own code throws is kept and thrown again on its side.
class ResponseSinks {
  public:
    explicit ResponseSinks(IHttpResponse& response) noexcept : response_(response) {}
    ResponseSinks(const ResponseSinks&) = delete;
    ResponseSinks& operator=(const ResponseSinks&) = delete;

    const crm_sink* head() const noexcept { return &head_; }
    const crm_sink* body() const noexcept { return &body_; }

    void rethrow_own() const {
        if (failure_) std::rethrow_exception(failure_);
    }
    bool begun() const noexcept { return begun_; }

  private:
    static crm_result write_head(void* ctx, const char* data, std::uint64_t size) noexcept {
        auto& self = *static_cast<ResponseSinks*>(ctx);
        if (self.begun_) return CRM_INVALID;
        self.begun_ = true;
        return self.pass([&] { self.response_.begin(view_of(data, size)); });
    }
    static crm_result write_body(void* ctx, const char* data, std::uint64_t size) noexcept {
        auto& self = *static_cast<ResponseSinks*>(ctx);
        if (!self.begun_) return CRM_INVALID;
        return self.pass([&] { self.response_.write(view_of(data, size)); });
    }

    template <class Work>
    crm_result pass(Work work) noexcept {
        if (failure_) return CRM_CANCELLED;  // it was told once and goes on all the same
        return guard(nullptr, [&] {
            try {
                work();
            } catch (...) {
                failure_ = std::current_exception();
                throw;
            }
        });
    }

    IHttpResponse& response_;
    std::exception_ptr failure_;
    bool begun_ = false;
    crm_sink head_{sizeof(crm_sink), 0, this, &ResponseSinks::write_head};
    crm_sink body_{sizeof(crm_sink), 0, this, &ResponseSinks::write_body};
};

class ConnectorProxy final : public IConnector, private IScheduler {
  public:
    ConnectorProxy(const crm_connector& table, IHost& host) : table_(table), tables_(host) {
        call("creating the connector",
             [&](const crm_sink* error) { return table_.create(tables_.get(), &instance_, error); });
        if (instance_ == nullptr) {
            throw Error(
                CRM_INTERNAL,
                "the module is defective: expected an instance, as it said that it made one; found none. "
                "Tell its publisher");
        }
    }
    ~ConnectorProxy() override { table_.destroy(instance_); }
    ConnectorProxy(const ConnectorProxy&) = delete;
    ConnectorProxy& operator=(const ConnectorProxy&) = delete;

    std::string describe() override {
        return call_for_text("describe", [this](const crm_sink* json, const crm_sink* error) {
            return table_.describe(instance_, json, error);
        });
    }

    IScheduler& scheduler() override { return *this; }

    void handle_http(const HttpRequest& request, IHttpResponse& response) override {
        ResponseSinks sinks(response);
        TextSink error(kMaxErrorText, TextSink::Overflow::kCut);
        const crm_result code =
            table_.handle_http(instance_, request.head.data(), request.head.size(), request.body.data(),
                               request.body.size(), sinks.head(), sinks.body(), error.get());
        sinks.rethrow_own();
        if (code != CRM_OK) throw_failure(code, "handling the request", error.text());
        if (!sinks.begun()) throw Error(CRM_INTERNAL, "the module answered a request with nothing");
    }

    std::string status() override {
        return call_for_text("status", [this](const crm_sink* json, const crm_sink* error) {
            return table_.status(instance_, json, error);
        });
    }

    bool stop(Duration deadline) override {
        TextSink error(kMaxErrorText, TextSink::Overflow::kCut);
        const crm_result code = table_.stop(instance_, deadline, error.get());
        if (code != CRM_OK && code != CRM_TRANSIENT) throw_failure(code, "stopping", error.text());
        return code == CRM_OK;
    }

  private:
    Instant run_due(Instant now, Duration budget) override {
        Instant next = kNever;
        call("running what is due",
             [&](const crm_sink* error) { return table_.run_due(instance_, now, budget, &next, error); });
        return next;
    }

    void cancel() override { table_.cancel(instance_); }

    const crm_connector& table_;
    HostTables tables_;
    crm_instance* instance_ = nullptr;
};

}  // namespace

bool is_whole(const crm_connector* table) noexcept {
    return offers(table, &crm_connector::create) && offers(table, &crm_connector::destroy) &&
           offers(table, &crm_connector::describe) && offers(table, &crm_connector::run_due) &&
           offers(table, &crm_connector::handle_http) && offers(table, &crm_connector::status) &&
           offers(table, &crm_connector::cancel) && offers(table, &crm_connector::stop);
}

std::unique_ptr<IConnector> make_connector(const crm_connector& table, IHost& host) {
    return std::make_unique<ConnectorProxy>(table, host);
}

}  // namespace crm::detail
