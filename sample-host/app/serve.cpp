#include "app/serve.hpp"

#include <Poco/Net/NetSSL.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "app/commands.hpp"
#include "app/data_lock.hpp"
#include "app/end_signal.hpp"
#include "auth/accounts.hpp"
#include "http/connector_api.hpp"
#include "http/pages.hpp"
#include "http/plugins_api.hpp"
#include "http/records_api.hpp"
#include "http/session_api.hpp"
#include "plugins/plugin_manager.hpp"
#include "records/change_feed.hpp"

namespace crm::sample {
namespace {

// Returns when the host is to end; meanwhile looks now and then at what the command line changed.
void wait_for_end(EndSignal& end, PluginManager& plugins, Logger& logger) {
    while (!end.wait_for(std::chrono::seconds(1))) {
        try {
            plugins.follow_database();
        } catch (const std::exception& error) {
            logger.error(std::string("looking at the plugins failed: ") + error.what());
        }
    }
}

void announce_admin(Accounts& accounts) {
    const char* given = std::getenv("CRM_ADMIN_PASSWORD");
    const auto generated = accounts.ensure_admin(given != nullptr ? given : "");
    if (generated) {
        std::cout << "crm-host made the user admin with the password " << *generated << " (shown this once)"
                  << std::endl;
    }
}

void tell_policy(const LoadPolicy& policy, const std::filesystem::path& folder, Logger& logger) {
    const std::string trouble = folder_trouble(folder);
    if (!trouble.empty()) logger.error(trouble);
    std::vector<std::string> complaints;
    policy.publishers.trusted(&complaints);
    for (const std::string& complaint : complaints) logger.error(complaint);
    if (policy.allow_unsigned) {
        logger.warn("modules that no trusted publisher signed are loaded too (--allow-unsigned)");
    }
}

}  // namespace

void prepare_data_folder(const std::filesystem::path& data) {
    if (data.empty()) throw UsageError("--data is needed");
    std::filesystem::create_directories(data);
    std::filesystem::permissions(data, std::filesystem::perms::owner_all,
                                 std::filesystem::perm_options::replace);
}

int serve(const Options& options) {
    if (options.database != "sqlite") {
        throw UsageError("--database must be sqlite: this version of crm-host does not offer PostgreSQL yet");
    }
    prepare_data_folder(options.data);
    const DataLock lock(options.data);
    // A core file would hold keys and customers in clear.
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    // A client that goes away is an error on its stream, not the end of the host.
    signal(SIGPIPE, SIG_IGN);
    EndSignal end;
    Poco::Net::initializeSSL();
    Logger logger(options.data / "log" / "crm-host.log");
    Database database(options.data / "crm.db");
    begin_history(database);
    Accounts accounts(database);
    announce_admin(accounts);
    const MasterKey master_key = MasterKey::load(options.data, logger);
    PluginStore plugin_store(database);
    LoadPolicy policy = load_policy(options);
    tell_policy(policy, options.plugins, logger);
    PluginManager plugins({database, plugin_store, master_key, logger, options.data}, options.plugins,
                          std::move(policy));

    SessionApi sessions(accounts);
    RecordsApi records(database);
    PluginsApi plugins_api(plugins, plugin_store);
    ConnectorApi connectors(plugins);
    Pages pages;
    Router router;
    router.add("GET", "/healthz", kAnybody, [&](Exchange& exchange) {
        const Reader reader(database);
        reader->prepare("SELECT 1").run();
        exchange.send_json(200, R"({"status":"ok"})");
    });
    sessions.mount(router);
    records.mount(router);
    plugins_api.mount(router);
    connectors.mount(router);
    pages.mount(router);

    Server server(
        options.listen, router, [&](const Exchange& exchange) { return sessions.identify(exchange); },
        logger);
    plugins.follow_database();
    server.start();
    logger.info("ready at " + server.url() + (options.node.empty() ? "" : " as node " + options.node));
    std::cout << "crm-host ready " << server.url() << std::endl;

    wait_for_end(end, plugins, logger);
    logger.info("ending");
    const bool clean = plugins.stop_all();
    server.stop();
    // A connector that does not end would still use what is about to be destroyed.
    if (!clean) std::_Exit(0);
    Poco::Net::uninitializeSSL();
    return 0;
}

}  // namespace crm::sample
