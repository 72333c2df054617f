// Module side: a crm::IConnector as the functions of crm_connector. Nothing in here lets an exception out.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "crm/connector.hpp"
#include "crm/detail/guard.hpp"
#include "crm/detail/host_proxy.hpp"

// What the host holds a pointer to. The connector goes first, because it may use the host until its end.
struct crm_instance {
    explicit crm_instance(const crm_host* tables) : host(tables) {}

    crm::detail::HostProxy host;
    std::unique_ptr<crm::IConnector> connector;
};

namespace crm::detail {

inline IConnector& connector_of(crm_instance* instance) {
    if (instance == nullptr) throw Error(CRM_INVALID, "the host gave no instance");
    return *instance->connector;
}

// The two sinks of handle_http as a response.
class SinkResponse final : public IHttpResponse {
  public:
    SinkResponse(const crm_sink* head, const crm_sink* body) noexcept : head_(head), body_(body) {}

    void begin(std::string_view head) override {
        if (begun_) throw Error(CRM_INTERNAL, "the connector began its answer twice");
        begun_ = true;
        emit(head_, head);
    }
    void write(std::string_view piece) override {
        if (!begun_) throw Error(CRM_INTERNAL, "the connector wrote a body before it began its answer");
        emit(body_, piece);
    }

  private:
    const crm_sink* head_;
    const crm_sink* body_;
    bool begun_ = false;
};

inline void destroy_instance(crm_instance* instance) noexcept {
    guard(nullptr, [&] { delete instance; });
}

inline crm_result describe_instance(crm_instance* instance, const crm_sink* json,
                                    const crm_sink* error) noexcept {
    return guard(error, [&] { emit(json, connector_of(instance).describe()); });
}

inline crm_result run_due_instance(crm_instance* instance, std::int64_t now_us, std::int64_t budget_us,
                                   std::int64_t* next_us, const crm_sink* error) noexcept {
    return guard(error, [&] {
        if (next_us == nullptr) throw Error(CRM_INVALID, "the host gave no place for the next time");
        *next_us = kNever;
        *next_us = connector_of(instance).scheduler().run_due(now_us, budget_us);
    });
}

inline crm_result handle_http_instance(crm_instance* instance, const char* request,
                                       std::uint64_t request_size, const char* body, std::uint64_t body_size,
                                       const crm_sink* head, const crm_sink* response_body,
                                       const crm_sink* error) noexcept {
    return guard(error, [&] {
        SinkResponse response(head, response_body);
        connector_of(instance).handle_http({view_of(request, request_size), view_of(body, body_size)},
                                           response);
    });
}

inline crm_result status_instance(crm_instance* instance, const crm_sink* json,
                                  const crm_sink* error) noexcept {
    return guard(error, [&] { emit(json, connector_of(instance).status()); });
}

inline void cancel_instance(crm_instance* instance) noexcept {
    guard(nullptr, [&] { connector_of(instance).scheduler().cancel(); });
}

inline crm_result stop_instance(crm_instance* instance, std::int64_t deadline_us,
                                const crm_sink* error) noexcept {
    return guard(error, [&] {
        if (!connector_of(instance).stop(deadline_us)) {
            throw Error(CRM_TRANSIENT, "work was still going on when the deadline passed");
        }
    });
}

// The tables of one connector class; constants, so that nothing runs when the module is mapped.
template <class Connector>
struct ModuleTables {
    static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) noexcept {
        return guard(error, [&] {
            if (instance == nullptr) throw Error(CRM_INVALID, "the host gave no place for the instance");
            *instance = nullptr;
            auto made = std::make_unique<crm_instance>(host);
            made->connector = std::make_unique<Connector>(static_cast<IHost&>(made->host));
            *instance = made.release();
        });
    }

    static const void* query(const char* name, std::uint64_t name_size) noexcept {
        return view_of(name, name_size) == CRM_INTERFACE_CONNECTOR ? &kConnector : nullptr;
    }

    static constexpr crm_connector kConnector{sizeof(crm_connector),
                                              0,
                                              &create,
                                              &destroy_instance,
                                              &describe_instance,
                                              &run_due_instance,
                                              &handle_http_instance,
                                              &status_instance,
                                              &cancel_instance,
                                              &stop_instance};
    static constexpr crm_entry kEntry{CRM_ENTRY_MAGIC, sizeof(crm_entry), CRM_ABI_MAJOR, CRM_ABI_MINOR,
                                      &query};
};

}  // namespace crm::detail
