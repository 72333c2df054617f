#include "app/commands.hpp"

#include <iostream>

#include "app/serve.hpp"
#include "auth/accounts.hpp"

namespace crm::sample {

int make_token(const Options& options) {
    const auto role = parse_role(options.role);
    if (!role || !options.arguments.empty()) throw UsageError("--role must be admin, manager or viewer");
    prepare_data_folder(options.data);
    Database database(options.data / "crm.db");
    std::cout << Accounts(database).create_token(*role) << std::endl;
    return 0;
}

}  // namespace crm::sample
