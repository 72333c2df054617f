// The schema's history.
#pragma once

namespace crm::sample {

class Connection;

// Applies what is missing in one transaction. Refuses a database of a newer program.
void migrate(Connection& connection);

}  // namespace crm::sample
