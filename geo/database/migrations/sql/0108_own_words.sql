-- "Shelter" tells as little as "Abri": what a house is, whoever is called so. A country whose language is English calls its
-- confidential shelters by it, and lost the name of "Blue shelter" to the first public body with that word.
CREATE OR REPLACE FUNCTION lakana.own_words(gate boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{abri,permanence,shelter}'::text[] || CASE WHEN gate THEN '{foyer,refuge,accueil,equipe,ecoute,garde,astreinte,service,urgence,urgences,telephone,tel,portable,
    mobile,appel,appels,appeler,contact,numero,ligne,responsable,directrice,directeur,coordinatrice,coordinateur,jour,jours,nuit,
    heures,madame,mme,monsieur,duty,team,call,phone,line,helpline,emergency,night,day,
    standard,secretariat,secretaire,bureau,poste,fixe,gardien,gardienne,whatsapp,sms,office,desk,guard,only,seulement}'::text[] END
$$;
