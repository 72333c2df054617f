// The edges of a run, as one argument. All outlive the run.
#pragma once

#include "model/record.hpp"
#include "sync/clock.hpp"
#include "sync/crm_records.hpp"
#include "sync/erp_gateway.hpp"
#include "sync/log_sink.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::sync {

struct Ports {
    ErpGateway& erp;
    CrmRecords& crm;
    SyncStore& store;
    Clock& clock;
    LogSink& log;
    const Fingerprinter& fingerprint;
};

}  // namespace metakocka::sync
