#include "api/connection_test.hpp"

#include <chrono>
#include <stdexcept>

#include "api/caller.hpp"

namespace metakocka::api {
namespace {

using sync::ErpErrorClass;

const char* reason_of(ErpErrorClass error_class) {
    switch (error_class) {
        case ErpErrorClass::kCredentials:
            return "invalid_credentials";
        case ErpErrorClass::kAddress:
            return "ip_not_allowed";
        case ErpErrorClass::kTls:
            return "tls";
        case ErpErrorClass::kQuota:
            return "quota";
        case ErpErrorClass::kTransient:
        case ErpErrorClass::kUnknownOutcome:
        case ErpErrorClass::kCancelled:
            return "unreachable";
        case ErpErrorClass::kRecord:
        case ErpErrorClass::kNotFound:
        case ErpErrorClass::kAlreadyExists:
        case ErpErrorClass::kNotTheApi:
            return "not_the_api";
    }
    return "unreachable";
}

}  // namespace

ConnectionTest test_connection(const Connection& connection, const std::shared_ptr<Company>& company,
                               Waiter& waiter) {
    RetryPolicy once;
    once.attempts = 1;
    once.exchange_deadline = once.call_deadline = std::chrono::seconds(15);  // somebody is waiting
    ConnectionTest result;
    const auto start = std::chrono::steady_clock::now();
    try {
        Caller caller(
            connection, company, waiter, [](std::uint64_t) { return std::uint64_t{0}; }, once);
        const Answer answer = caller.call(kWarehouseList, {});
        result.ok = answer.object().contains("warehouse_list") ||
                    answer.object().contains("warehouse_list_count") ||
                    answer.object().contains("opr_time_ms");
        result.reason = result.ok ? "" : "not_the_api";
        result.message = result.ok ? "Metakocka answered" : "the address answers, but not as Metakocka does";
    } catch (const HtmlAnswer& error) {
        // With a 5xx it is an ERP (or its proxy) that is down; otherwise something else answers at this
        // address.
        result.reason = error.status() >= 500 ? "unreachable" : "not_the_api";
        result.message = error.what();
    } catch (const sync::ErpError& error) {
        result.reason = reason_of(error.error_class());
        result.message = error.what();
    } catch (const std::invalid_argument& error) {
        result.reason = "not_the_api";
        result.message = error.what();
    }
    const auto spent = std::chrono::steady_clock::now() - start;
    result.latency_ms = std::chrono::duration_cast<std::chrono::milliseconds>(spent).count();
    return result;
}

}  // namespace metakocka::api
