// The simulator on a free port with its own certificate, and the gateway connected to it.
#pragma once

#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>

#include "api/metakocka_gateway.hpp"
#include "erp.hpp"
#include "http_server.hpp"

namespace metakocka::test {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "gateway-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::filesystem::path path;
};

class FixedClock final : public sync::Clock {
  public:
    sync::Instant now() override { return 1'785'600'000'000'000; }  // 2026-08-01
    sync::Instant monotonic() override { return now(); }
};

class LiveErp {
  public:
    LiveErp() {
        std::ifstream file(tls_.authority);
        api::Connection connection{
            .company_id = "1",
            .secret_key = "sim-secret-key-1",
            .base_url = "https://127.0.0.1:" + std::to_string(server_.port()) + "/rest/eshop/v1/",
            .ca_certificate_pem = {std::istreambuf_iterator<char>(file), {}}};
        api::RetryPolicy policy;
        policy.attempts = 2;
        policy.base = std::chrono::milliseconds(1);
        policy.longest_retry_after = std::chrono::milliseconds(0);
        gateway_ = std::make_unique<api::MetakockaGateway>(
            connection, std::make_shared<api::Company>(), waiter_, clock_,
            [](std::uint64_t) { return std::uint64_t{0}; }, policy);
    }

    api::MetakockaGateway& gateway() { return *gateway_; }
    void stop() { server_.stop(); }

    void fault(const std::string& endpoint, const std::string& kind, boost::json::object more = {}) {
        more["endpoint"] = endpoint;
        more["kind"] = kind;
        erp_.faults().add(sim::fault_from(more));
    }
    void no_faults() { erp_.faults().clear(); }
    void options(const boost::json::object& changes) {
        change([&](sim::Ledger& ledger) { sim::apply(ledger.options, changes); });
    }
    // What the ERP truly has, under its lock.
    template <class Change>
    void change(Change&& change) {
        sim::Company& company = *erp_.company(1);
        const std::lock_guard lock(company.mutex);
        change(company.ledger);
    }
    sim::Partner partner(const std::string& id) {
        sim::Partner found;
        change([&](sim::Ledger& ledger) { found = *ledger.find_partner(std::stoull(id)); });
        return found;
    }
    // Calls since the last question.
    std::uint64_t calls(const std::string& endpoint) {
        sim::Counters& counters = erp_.company(1)->counters;
        const auto json = counters.json();
        counters.reset();
        const auto* const count = json.at("calls").as_object().if_contains(endpoint);
        return count == nullptr ? 0 : count->to_number<std::uint64_t>();
    }
    std::size_t partners() {
        std::size_t count = 0;
        change([&](sim::Ledger& ledger) { count = ledger.partners.size(); });
        return count;
    }
    std::size_t products() {
        std::size_t count = 0;
        change([&](sim::Ledger& ledger) { count = ledger.products.size(); });
        return count;
    }

  private:
    static sim::ErpSettings settings() {
        sim::ErpSettings settings;
        settings.sizes = {60, 150, 5, 20};
        settings.seed = 7;
        settings.today = *sim::parse_iso_date("2026-08-01");
        return settings;
    }

    TemporaryFolder folder_;
    sim::TlsFiles tls_ = sim::make_tls_files(folder_.path);
    sim::Erp erp_{settings()};
    sim::HttpServer server_{erp_, {"127.0.0.1", 0}, tls_};
    FixedClock clock_;
    api::CancellableWaiter waiter_;
    std::unique_ptr<api::MetakockaGateway> gateway_;
};

}  // namespace metakocka::test
