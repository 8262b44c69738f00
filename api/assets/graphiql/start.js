"use strict";

// Queries stay in the page: GraphiQL would keep them in the browser's storage, and a query may hold a child's whereabouts.
const forgetful = { getItem: () => null, setItem() {}, removeItem() {}, clear() {}, length: 0 };

const example = `# Les services les plus proches d'un point
{
  nearestServices(
    origin: {lon: -5.66654, lat: 11.31755}
    categories: [LEGAL_AID]
    first: 3
  ) {
    distanceMetres
    service {
      name
      categoryLabel
      location { precision point }
    }
  }
}
`;

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    storage: forgetful,
    defaultQuery: example,
    defaultEditorToolsVisibility: true,
  }),
);
