//! Certificates made to a recipe.
