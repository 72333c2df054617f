#include "engine.hpp"

#include <limits>
#include <memory>
#include <utility>

#include "sync/bill_scan.hpp"
#include "sync/contact_scan.hpp"
#include "sync/look_up_scan.hpp"
#include "sync/product_scan.hpp"
#include "sync/pull_applier.hpp"
#include "sync/run_machine.hpp"
#include "sync/stock_scan.hpp"
#include "sync/two_way_applier.hpp"

namespace metakocka::sync::testing {

namespace {

std::unique_ptr<Applier> applier(Ports ports, const RunKind& what, std::uint64_t linked) {
    if (!what.both_ways) return std::make_unique<PullApplier>(ports, what.kind, what.verify);
    TwoWayOptions options;
    options.policy = *what.both_ways;
    options.allowed_by = "a test";
    options.guard = what.guard;
    options.verify = what.verify;
    options.active_links = linked;
    return std::make_unique<TwoWayApplier>(ports, what.kind, std::move(options));
}

std::unique_ptr<Scan> scan(Ports ports, const RunKind& what, const std::string& checkpoint,
                           std::uint64_t linked) {
    if (what.only) return std::make_unique<LookUpScan>(ports, what.kind, *what.only, false);
    switch (what.kind) {
        case RecordKind::kContacts:
            return std::make_unique<ContactScan>(ports, ContactScanOptions{});
        case RecordKind::kProducts:
            return std::make_unique<ProductScan>(ports.erp, Value{}, linked, checkpoint);
        case RecordKind::kInvoices:
            return std::make_unique<BillScan>(ports, BillRange{}, linked, checkpoint);
        case RecordKind::kInventory:
            return std::make_unique<StockScan>(ports.erp, linked);
    }
    return nullptr;
}

}  // namespace

Run run_whole(Ports ports, const RunKind& what, Run run) {
    constexpr std::size_t kAll = std::numeric_limits<std::int32_t>::max();
    const std::uint64_t linked = ports.store.active_links(what.kind, "", kAll).size();
    auto reader = scan(ports, what, run.checkpoint, linked);
    RunMachine machine(ports, std::move(run), std::move(reader), applier(ports, what, linked), what.guard,
                       what.verify);
    while (machine.step()) {
    }
    return machine.run();
}

Run run_whole(Ports ports, const RunKind& what, const std::string& checkpoint) {
    Run run;
    run.id = std::to_string(ports.clock.now());
    run.kind = what.kind;
    run.checkpoint = checkpoint;
    return run_whole(ports, what, std::move(run));
}

}  // namespace metakocka::sync::testing
