"""What happens to projects in a lived-in network: everything that the registry can write, once at least."""

from tests.backend.network import Network
from tests.backend.projects_world import ASSESSMENT, EXPERTISE, FINANCING, IDEA, TEAM, Projects


def play_projects(network: Network, citizens: dict[int, list[str]]) -> Projects:
    """Plays with the first two cities of `citizens`, who are named by their city."""
    projects = Projects(network)
    (home, here), (other, there) = list(citizens.items())[:2]
    send, text = projects.send, projects.text
    for city in (home, other):
        projects.settle(city)

    asked = projects.request(f"steward {home}", home, budget=500)
    closed = projects.request(f"partner {other}", other)
    send(f"partner {other}", "closeRequest", closed)

    # One that goes all the way to its money, with a second city.
    straight = projects.open(home, kind=8, request=asked)
    send(projects.authors[straight], "inviteCity", straight, other)
    send(f"moderator {other}", "joinProject", straight, other)
    projects.reach(straight, ASSESSMENT, here)
    send(there[0], "support", straight, other)
    projects.reach(straight, EXPERTISE, here)
    send(f"expert {other}", "score", straight, other, 90, text("opinion"))
    projects.reach(straight, FINANCING, here)

    # One that comes back, is paused, and gets another author.
    astray = projects.reach(projects.open(other, kind=1), TEAM, there)
    projects.join(astray, "member who leaves")
    send("member who leaves", "leaveTeam", astray, network.wallet("member who leaves"))
    send(f"moderator {other}", "sendBack", astray, EXPERTISE, text("reason"))
    for function in ("pause", "resume", "pause"):
        send(f"moderator {other}", function, astray, text("reason"))
    send(projects.authors[astray], "offerAuthorship", astray, network.wallet("second author"))
    send("second author", "takeOver", astray)
    projects.authors[astray] = "second author"

    # One that turns into another.
    turned = projects.reach(projects.open(home, kind=3), EXPERTISE, here)
    send(projects.authors[turned], "pivot", turned, 5, text("project"), text("reason"))
    send(projects.authors[turned], "describe", turned, text("project"))
    send(projects.authors[turned], "offerAuthorship", turned, network.wallet("nobody yet"))
    send(projects.authors[turned], "inviteCity", turned, other)
    send(projects.authors[turned], "invite", turned, network.wallet("invited"), text("role"))
    projects.reach(turned, IDEA, here)
    return projects
